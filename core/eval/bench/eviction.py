"""Section `evict`: the cache's own part of a round, taken alone: compaction, and rotation of keys that have moved."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import torch

from core.cache.cache_size import CacheSize
from core.cache.kv_cache import KVCache
from core.eval.bench.bench import Bench, RunConfig
from core.eval.bench.figure import Figure, spread
from core.eval.bench.roofline import timed

REPEATS = 12
GOAL_MS = 1.0
OPENING_TOKENS = 30
"""In front of `previous text`, about."""


def figures(bench: Bench) -> Iterator[Figure]:
    """At the steady state of 2 fps: a round's vision tokens leave, and all of `previous text` moves up."""
    dtype = bench.cache_dtype
    windows = bench.windows
    moved = np.arange(OPENING_TOKENS + windows.sink_tokens + windows.text_window_tokens)
    for precision in bench.precisions:
        tokens = bench.run(RunConfig(precision, 2)).rounds[-1].stats.kv_tokens
        gone = tokens // 18
        cache = KVCache(bench.config, bench.device, dtype)
        front = min(len(moved), tokens)
        cache.reserve(CacheSize(tokens + gone, front))
        cos, sin = torch.rand(2, front, bench.config.head_dim, device=bench.device, dtype=dtype)

        def once(cache: KVCache = cache, front: int = front, gone: int = gone, tokens: int = tokens) -> None:
            cache.truncate(0)
            cache.advance(front)
            cache.advance(tokens + gone - front, np.arange(0))
            cache.compact([(0, front), (front + gone, tokens + gone)])
            cache.rotate_keys(moved[:front], cos, sin)  # noqa: B023 - called in the same pass of the loop

        seconds = timed(bench.device, once, REPEATS)
        note = f"{tokens} tokens, {front} rotated"
        yield spread(f"compact_and_turn_{precision}", [1e3 * s for s in seconds], "ms", GOAL_MS, note=note)
