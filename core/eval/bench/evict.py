"""Section `evict`: the cache's own part of a round, taken alone: gather the survivors, rotate them."""

from __future__ import annotations

from collections.abc import Iterator

import torch

from core.cache.kv_cache import KVCache
from core.eval.bench.bench import Bench, Kind
from core.eval.bench.figure import Figure, spread
from core.eval.bench.floor import timed

REPEATS = 12
FRONT = 0.04
"""Share of the entries in front of the first one evicted: the opening and the sink."""


def figures(bench: Bench) -> Iterator[Figure]:
    """At the steady state of 2 fps: a round of pictures leaves near the front, all behind it moves and turns."""
    dtype = bench.cache_dtype
    for precision in bench.precisions:
        done = bench.run(Kind(precision, 2))
        tokens = done.rounds[-1].stats.kv_tokens
        cache = KVCache(bench.config, bench.device, dtype)
        gone = tokens // 18
        cache.reserve(tokens + gone)
        front = int(FRONT * tokens)
        cos, sin = torch.rand(2, tokens - front, bench.config.head_dim, device=bench.device, dtype=dtype)

        def once(cache: KVCache = cache, front: int = front, gone: int = gone, tokens: int = tokens) -> None:
            cache.length = cache.settled = tokens + gone
            cache.compact([(0, front), (front + gone, tokens + gone)])
            cache.settle(cos, sin)  # noqa: B023 - called before the next turn

        seconds = timed(bench.device, once, REPEATS)
        yield spread(f"compact_and_rotate_{precision}", [1e3 * s for s in seconds], "ms", note=f"{tokens} tokens")
        # keys and values read and written, rotated keys written
        moved = 5 * (tokens - front) * bench.config.kv_bytes_per_token(dtype.itemsize) // 3
        best = max(bench.floor.copy)
        shares = [moved / s / best for s in seconds]
        yield spread(f"compact_bandwidth_{precision}", shares, "share", better="higher", note=f"{moved / 1e9:.2f} GB")
