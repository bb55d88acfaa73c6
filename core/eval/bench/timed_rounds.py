"""Rounds of an engine, timed from outside."""

from __future__ import annotations

import gc
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

import torch

from core.config import StreamConfig
from core.engine.engine import Engine
from core.eval.bench.frames import FrameSource
from core.eval.bench.roofline import synchronise
from core.messages import Line, Stats

TOO_SLOW_S = 2.5
"""A chunk that takes longer is no use in a live stream, nor are the ones after it."""


@dataclass(frozen=True, slots=True)
class TimedRound:
    """One round.

    Attributes:
        wall_s: from handing the chunk over until the last message, or what of it was not shown before. cpu_s: CPU
            time of this thread meanwhile.
        allocated_bytes: on the device afterwards; 0 on the CPU.
    """

    wall_s: float
    cpu_s: float
    stats: Stats
    tokens: tuple[int, ...]
    allocated_bytes: int


@dataclass(slots=True)
class Run:
    """The rounds of one stream, first to last.

    Attributes:
        filling: rounds until every window is full; `steady` leaves them out.
        ahead: rounds after these whose frames were shown one by one, as in a live stream.
        resident_bytes: allocated on the device before the first chunk. peak_bytes: at most.
        stopped_early: two rounds in a row took longer than TOO_SLOW_S, so the rest was not run.
    """

    filling: int
    resident_bytes: int
    rounds: list[TimedRound] = field(default_factory=list)
    ahead: list[TimedRound] = field(default_factory=list)
    peak_bytes: int = 0
    stopped_early: bool = False

    @property
    def steady(self) -> list[TimedRound]:
        return self.rounds[self.filling :]

    def wall_times(self) -> list[float]:
        """Seconds of each steady round; of the last one where it never got that far."""
        return [r.wall_s for r in self.steady or self.rounds[-1:]]


def run(engine: Engine, pictures: FrameSource, fps: int, steady: int, ahead: int = 0) -> Run:
    """Fill every window, then `steady` rounds more, then `ahead` rounds whose frames come one by one.

    As live, no garbage is looked for in what was loaded before.
    """
    gc.collect()
    gc.freeze()
    try:
        return _run(engine, pictures, fps, steady, ahead)
    finally:
        gc.unfreeze()


def _run(engine: Engine, pictures: FrameSource, fps: int, steady: int, ahead: int) -> Run:
    config = engine.config
    filling = filling_rounds(config)
    done = Run(filling, allocated_bytes(engine.device))
    if engine.device.type == "cuda":
        torch.cuda.reset_peak_memory_stats(engine.device)
    for one in rounds(engine, pictures, fps, filling + steady):
        done.rounds.append(one)
        if too_slow(done.rounds):
            done.stopped_early = True
            break
    else:
        done.ahead += rounds(engine, pictures, fps, ahead, first=filling + steady, one_by_one=True)
    if engine.device.type == "cuda":
        done.peak_bytes = torch.cuda.max_memory_allocated(engine.device)
    return done


def too_slow(so_far: Sequence[TimedRound]) -> bool:
    """Whether the last two rounds took too long; the first two may have compiled something."""
    return len(so_far) > 3 and min(r.wall_s for r in so_far[-2:]) > TOO_SLOW_S


def filling_rounds(config: StreamConfig) -> int:
    """Rounds until every window is full."""
    return 1 + max(config.cache.text_rounds, config.vision_rounds())


def rounds(
    engine: Engine, pictures: FrameSource, fps: int, count: int, first: int = 0, one_by_one: bool = False
) -> Iterator[TimedRound]:
    """Hand `count` chunks over, one after the other, and time each; one_by_one: from its last frame on."""
    for index in range(first, first + count):
        chunk = pictures.chunk(index, fps)
        for frames in range(1, fps if one_by_one else 1):
            engine.prefill_ahead(replace(chunk, frames=chunk.frames[:frames]))
        synchronise(engine.device)
        wall = time.perf_counter()
        cpu = time.thread_time()
        stats: Stats | None = None
        tokens: tuple[int, ...] = ()
        for message in engine.step(chunk):
            if isinstance(message, Line):
                tokens = message.tokens
            elif isinstance(message, Stats):
                stats = message
        synchronise(engine.device)
        wall = time.perf_counter() - wall
        cpu = time.thread_time() - cpu
        assert stats is not None
        yield TimedRound(wall, cpu, stats, tokens, allocated_bytes(engine.device))


def allocated_bytes(device: torch.device) -> int:
    """Bytes of tensors on the device; 0 on the CPU."""
    return torch.cuda.memory_allocated(device) if device.type == "cuda" else 0
