"""Sections `maxfps` and `memory`: the highest rate kept up without falling behind, and what it takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from core.eval.bench.bench import Bench, RunConfig
from core.eval.bench.chunk import LIVE_S
from core.eval.bench.figure import Figure, percentile, single
from core.eval.bench.timed_rounds import Run

MAX_FPS_GOAL = 16.0
DROPPING_FPS_GOAL = 60.0
DROP_REPEATS = 8.0
"""In steps of 255: above what noise and compression make of a standing picture."""
MEMORY_GOAL_GB = 4.5
GROWTH_GOAL = 0.01


def max_fps(bench: Bench) -> Iterator[Figure]:
    """The highest frames a second, up the ladder step by step, at which a steady chunk's p99 is below 1 s.

    Then the same with repeats dropped, in the last precision, on a match whose camera stands: how far that carries
    depends on the pictures.
    """
    for precision in bench.precisions:
        best, note = _highest_fps(bench, precision, bench.workload.fps_steps)
        yield single(f"maxfps_{precision}", best, "fps", MAX_FPS_GOAL, "higher", note)
    *_, last = bench.precisions
    best, note = _highest_fps(bench, last, bench.workload.dropping_fps_steps, DROP_REPEATS)
    yield single(f"maxfps_dropping_{last}", best, "fps", DROPPING_FPS_GOAL, "higher", note)


def _highest_fps(
    bench: Bench, precision: str, fps_steps: Sequence[int], drop_repeats: float = 0.0
) -> tuple[float, str]:
    """The highest rate of a ladder that is kept up, 0 if none is, and what was found on the way."""
    best = 0
    tried = []
    for fps in fps_steps:
        if bench.out_of_time():
            tried.append("out of time")
            break
        done = bench.run(RunConfig(precision, fps, drop_repeats=drop_repeats))
        p99 = percentile(done.wall_times(), 99)
        dropped = f" ({_dropped(done):.0%} of the tokens dropped)" if drop_repeats else ""
        tried.append(f"{fps}: {p99:.2f} s{dropped}")
        if done.stopped_early or p99 >= LIVE_S:
            break
        best = fps
    how = f"; below {drop_repeats:g} steps" if drop_repeats else ""
    return float(best), f"p99 at {', '.join(tried)}; {bench.workload.steady} chunks each{how}"


def _dropped(done: Run) -> float:
    """Share of the vision tokens that was left out, of the rounds with full windows."""
    stats = [r.stats for r in done.steady or done.rounds[-1:]]
    return sum(s.dropped_tokens for s in stats) / sum(s.grid_tokens for s in stats)


def memory(bench: Bench) -> Iterator[Figure]:
    """Peak above the weights at 8 fps, and whether it stays."""
    for precision in bench.precisions:
        done = bench.run(RunConfig(precision, 8))
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
