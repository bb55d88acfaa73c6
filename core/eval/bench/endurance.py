"""Section `endure`: thousands of rounds at full pace: is the last hour like the first minutes?

courtside bench --device cpu --endure 12000
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from statistics import median
from threading import Event

import numpy as np

from core.config import Mode, resolve
from core.engine.loading import load_engine
from core.eval.bench.bench import Bench
from core.eval.bench.figure import Figure, percentile, single, spread
from core.eval.bench.frames import LoopedFrames
from core.eval.bench.timed_rounds import rounds

EARLY = slice(120, 720)
"""Minutes 2 to 12 of the stream, one round a second."""
LATE = 600
DRIFT_GOAL = 1.05
RSS_GOAL = 0.01
FULL_ROUNDS = 300
TELL_EVERY = 500


@dataclass(frozen=True, slots=True)
class EnduranceSamples:
    """What every round took, in four arrays that are there from the start, so that measuring takes no memory itself.

    Attributes:
        wall_s, cpu_s, kv_bytes, rss_bytes: (rounds,) float64.
    """

    wall_s: np.ndarray
    cpu_s: np.ndarray
    kv_bytes: np.ndarray
    rss_bytes: np.ndarray


def figures(bench: Bench, count: int) -> Iterator[Figure]:
    """`count` rounds in mode streaming, then some hundred in mode full to see what growing looks like."""
    done = _run(bench, "streaming", count)
    kv = done.kv_bytes
    filled = done.kv_bytes[min(count - 1, 32)]
    yield single("endure_kv_growth", kv.max() / filled - 1, "share", 0.0, note=f"{kv[-1] / 1e6:.1f} MB to the end")
    rss = done.rss_bytes
    start = done.rss_bytes[: max(1, count // 10)].max()
    note = f"{rss[-1] / 1e6:.0f} MB at the end, against the first tenth's most"
    yield single("endure_rss_growth", float(rss[-1] / start - 1), "share", RSS_GOAL, note=note)
    yield from _drift(done, count)
    yield from _full(bench, min(count, FULL_ROUNDS))


def windows(rounds: int) -> tuple[slice, slice]:
    """Minutes 2 to 12 and the last 10 minutes; quarters of a stream that is too short for that."""
    if rounds < EARLY.stop + LATE:
        return slice(rounds // 4, rounds // 2), slice(3 * rounds // 4, rounds)
    return EARLY, slice(rounds - LATE, rounds)


def _drift(done: EnduranceSamples, count: int) -> Iterator[Figure]:
    early, late = windows(count)
    before = done.wall_s[early].tolist()
    after = done.wall_s[late].tolist()
    which = "minutes 2 to 12 and the last 10" if early == EARLY else "second quarter and the last one"
    note = f"{count} rounds; {which}"
    yield spread("endure_chunk_early", before, "s")
    yield spread("endure_chunk_late", after, "s")
    yield single("endure_p50_drift", median(after) / median(before), "x", DRIFT_GOAL, note=note)
    yield single("endure_p99_drift", percentile(after, 99) / percentile(before, 99), "x", DRIFT_GOAL, note=note)
    cpu = done.cpu_s[late].mean() / done.cpu_s[early].mean()
    yield single("endure_cpu_drift", float(cpu), "x", DRIFT_GOAL, note="CPU time of the same rounds")


def _full(bench: Bench, count: int) -> Iterator[Figure]:
    done = _run(bench, "full", count)
    tenth = max(1, count // 10)
    before = slice(tenth, 2 * tenth)
    after = slice(count - tenth, count)
    larger = done.kv_bytes[after][-1] / done.kv_bytes[before][-1]
    yield single("full_kv_growth", float(larger) - 1, "share", note=f"mode full, {count} rounds, for comparison")
    slower = median(done.wall_s[after].tolist()) / median(done.wall_s[before].tolist())
    yield single("full_p50_drift", slower, "x", note="second tenth against the last")


def _run(bench: Bench, mode: Mode, count: int) -> EnduranceSamples:
    bench.report(f"{count} rounds in mode {mode}")
    given = {"model": bench.model, "device": str(bench.device), "mode": mode}
    config = resolve(given)
    fps = round(config.fps)
    size = config.size if isinstance(config.size, tuple) else None
    looped = LoopedFrames(bench.workload.endurance_loop_s * fps, config.fps, size)
    engine = load_engine(resolve(given | {"context": looped.context}), lambda loading: None, Event())
    done = EnduranceSamples(*np.zeros((4, count)))
    for number, one in enumerate(rounds(engine, looped, fps, count)):
        done.wall_s[number] = one.wall_s
        done.cpu_s[number] = one.cpu_s
        done.kv_bytes[number] = one.stats.kv_bytes
        done.rss_bytes[number] = one.stats.rss_bytes
        if (number + 1) % TELL_EVERY == 0:
            recent = done.wall_s[number + 1 - TELL_EVERY : number + 1]
            bench.report(f"mode {mode}, round {number + 1}: p50 {np.median(recent):.3f} s")
    return done
