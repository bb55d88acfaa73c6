"""Section `sweep`: a chunk's time against the tokens cached and against the frames a second, in three modes."""

from __future__ import annotations

from collections.abc import Iterator

from core.config import Mode
from core.eval.bench.bench import Bench, RunConfig
from core.eval.bench.figure import Figure, percentile, single
from core.eval.bench.plot import Curve
from core.eval.bench.timed_rounds import Run

MODES: tuple[Mode, ...] = ("streaming", "full", "recompute")
FPS = 8
BY_TOKENS = f"A chunk's time at {FPS} fps | tokens cached"
BY_RATE = "A chunk's time, windows full | frames a second"


def figures(bench: Bench) -> Iterator[Figure]:
    """The curves, and of each mode the time of its largest chunk; the first precision only."""
    for mode in MODES:
        if bench.out_of_time():
            return
        more = bench.workload.growing_rounds if mode == "full" else bench.workload.sweep_rounds
        done = bench.run(RunConfig(bench.first, FPS, mode, bench.workload.long_window_s), more)
        points = by_tokens(done)
        bench.curves.append(Curve(BY_TOKENS, mode, points))
        tokens, seconds = points[-1]
        yield single(f"longest_{mode}", seconds, "s", note=f"{tokens:,.0f} cached, {FPS} fps")
    for mode in MODES:
        points = tuple(_by_rate(bench, mode))
        bench.curves.append(Curve(BY_RATE, mode, points))
        held = [fps for fps, seconds in points if seconds < 1]
        yield single(f"fps_below_1s_{mode}", max(held, default=0.0), "fps", None, "higher", note="of those tried")


def by_tokens(done: Run) -> tuple[tuple[float, float], ...]:
    """(tokens cached, seconds) of each round but the first, which also reads the context."""
    return tuple((float(r.stats.kv_tokens), r.wall_s) for r in done.rounds[1:])


def _by_rate(bench: Bench, mode: Mode) -> Iterator[tuple[float, float]]:
    """(fps, median seconds once the windows are full) until a chunk takes longer than it lasts."""
    for fps in bench.workload.sweep_fps:
        if bench.out_of_time():
            return
        done = bench.run(RunConfig(bench.first, fps, mode), bench.workload.sweep_rounds)
        seconds = percentile(done.wall_times(), 50)
        yield float(fps), seconds
        if seconds > 1:
            return
