"""Sections `maxfps` and `memory`: the highest rate kept up without falling behind, and what it takes."""

from __future__ import annotations

from collections.abc import Iterator

from core.eval.bench.bench import Bench, Kind
from core.eval.bench.chunk import LIVE_S
from core.eval.bench.figure import Figure, percentile, single

MAX_FPS_GOAL = 16.0
MEMORY_GOAL_GB = 4.5
GROWTH_GOAL = 0.01


def max_fps(bench: Bench) -> Iterator[Figure]:
    """The highest frames a second, up the ladder step by step, at which a steady chunk's p99 is below 1 s."""
    for precision in bench.precisions:
        best, tried = 0, []
        for fps in bench.amounts.ladder:
            if bench.over():
                break
            done = bench.run(Kind(precision, fps))
            p99 = percentile(done.walls(), 99)
            tried.append(f"{fps}: {p99:.2f} s")
            if done.gave_up or p99 >= LIVE_S:
                break
            best = fps
        note = f"p99 at {', '.join(tried)}; {bench.amounts.steady} chunks each"
        yield single(f"maxfps_{precision}", float(best), "fps", MAX_FPS_GOAL, "higher", note)


def memory(bench: Bench) -> Iterator[Figure]:
    """Peak above the weights at 8 fps, and whether it stays."""
    for precision in bench.precisions:
        done = bench.run(Kind(precision, 8))
        if bench.device.type == "cuda":
            above = (done.peak_bytes - done.resident_bytes) / 1e9
            yield single(f"memory_above_weights_8fps_{precision}", above, "GB", MEMORY_GOAL_GB, note="peak allocated")
            yield single(f"weights_{precision}", bench.checkpoint(precision).model.weight_bytes / 1e9, "GB")
            yield single(
                f"memory_growth_8fps_{precision}",
                _growth([r.allocated_bytes for r in done.steady]),
                "share",
                GROWTH_GOAL,
            )
        yield single(f"kv_8fps_{precision}", done.rounds[-1].stats.kv_bytes / 1e9, "GB")
        kv = [r.stats.kv_bytes for r in done.steady]
        yield single(f"kv_growth_8fps_{precision}", _growth(kv), "share", 0.0, note="steady state, first to last chunk")


def _growth(samples: list[int]) -> float:
    return samples[-1] / samples[0] - 1 if samples else 0.0
