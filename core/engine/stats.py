"""What a round cost: a stopwatch for its stages, and the memory of this process."""

from __future__ import annotations

import ctypes
import math
import os
import sys
import time
from collections import defaultdict
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import torch

from core.messages import Stats

if TYPE_CHECKING:
    from core.engine.generation import Answer, TextGenerator
    from core.engine.turn import Turn

PAGE_BYTES = os.sysconf("SC_PAGE_SIZE") if hasattr(os, "sysconf") else 0


class Stopwatch:
    """Seconds spent in named stages, added up."""

    def __init__(self) -> None:
        self.stages: defaultdict[str, float] = defaultdict(float)
        self.restart()

    def restart(self) -> None:
        """Start `elapsed` anew; the stages stay."""
        self._started = time.perf_counter()

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the time inside the block as `name`."""
        begun = time.perf_counter()
        try:
            yield
        finally:
            self.stages[name] += time.perf_counter() - begun

    def elapsed(self) -> float:
        """Seconds since the last start."""
        return time.perf_counter() - self._started


def rss_bytes() -> int:
    """Resident memory of this process."""
    with suppress(FileNotFoundError), open("/proc/self/statm", "rb", buffering=0) as statm:
        return int(statm.read().split()[1]) * PAGE_BYTES
    import psutil  # not on every machine that has torch, and only needed off Linux

    return psutil.Process().memory_info().rss


def gpu_bytes(device: torch.device) -> int:
    """Peak bytes allocated on `device`; 0 on the CPU."""
    return torch.cuda.max_memory_allocated(device) if device.type == "cuda" else 0


def release_memory(device: torch.device) -> None:
    """Return freed memory to the system, and restart the peak count of `device`."""
    if device.type == "cuda":
        torch.cuda.empty_cache()
        torch.cuda.reset_peak_memory_stats(device)
    elif sys.platform == "linux":
        with suppress(AttributeError):  # glibc keeps freed blocks for itself until told; others have no such call
            ctypes.CDLL(None).malloc_trim(0)


def round_stats(turn: Turn, answer: Answer, generator: TextGenerator, chunk_s: float) -> Stats:
    """What a round cost, once its answer is written."""
    context = turn.context
    cache = context.cache
    stages = turn.stopwatch.stages
    vision = next(span for span in reversed(context.ledger.spans) if span.grid)
    grid_tokens = math.prod(vision.grid or ())
    return Stats(
        round=turn.round,
        compute_s=turn.stopwatch.elapsed() + stages["ahead"],
        first_token_s=answer.first_token_s,
        vision_s=stages["vision"],
        evict_s=stages["evict"],
        prefill_s=stages["prefill"],
        decode_s=stages["decode"],
        new_tokens=len(answer.tokens),
        kv_tokens=cache.length,
        kv_bytes=cache.allocated_bytes,
        remembers_s=context.promoted.remembers_s(context.ledger.spans, (turn.round + 1) * chunk_s),
        rss_bytes=rss_bytes(),
        gpu_bytes=gpu_bytes(cache.values.device),
        loops_broken=generator.guard.broken,
        drafted=generator.proposer.drafted,
        draft_taken=generator.proposer.accepted,
        grid_tokens=grid_tokens,
        dropped_tokens=grid_tokens + 2 - len(vision.tokens),
        ahead_s=stages["ahead"],
        backend=turn.runner.name,
        attention=turn.runner.attention.name,
        prefill_tokens=turn.runner.prefilled_tokens - turn.prefilled_before,
        silenced=generator.sampler.processors.silenced,
        pictures_s=sum(chunk_s for span in context.ledger.spans if span.grid),
    )
