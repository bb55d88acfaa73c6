"""Section `endure`: thousands of rounds at full pace: is the last hour like the first minutes?

courtside bench --device cpu --endure 12000
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from statistics import median
from threading import Event

from core.config import Mode, resolve
from core.engine.loading import load_engine
from core.eval.bench.bench import Bench
from core.eval.bench.figure import Figure, percentile, single, spread
from core.eval.bench.pictures import Loop
from core.eval.bench.rounds import Round, rounds

EARLY = slice(120, 720)
"""Minutes 2 to 12 of the stream, one round a second."""
LATE = 600
DRIFT_GOAL = 1.05
FULL_ROUNDS = 300
TELL_EVERY = 500


def figures(bench: Bench, count: int) -> Iterator[Figure]:
    """`count` rounds in mode streaming, then some hundred in mode full to see what growing looks like."""
    done = _run(bench, "streaming", count)
    kv = [r.stats.kv_bytes for r in done]
    filled = kv[min(len(kv) - 1, 32)]
    yield single("endure_kv_growth", max(kv) / filled - 1, "share", 0.0, note=f"{kv[-1] / 1e6:.1f} MB to the end")
    rss = [r.stats.rss_bytes for r in done]
    start = max(rss[: max(1, len(rss) // 10)])
    yield single(
        "endure_rss_growth", (rss[-1] - start) / start, "share", 0.05, note=f"{rss[-1] / 1e6:.0f} MB at the end"
    )
    yield from _drift(done)
    yield from _full(bench, min(count, FULL_ROUNDS))


def windows(done: Sequence[Round]) -> tuple[Sequence[Round], Sequence[Round]]:
    """Minutes 2 to 12 and the last 10 minutes; the halves of a stream that is too short for that."""
    if len(done) < EARLY.stop + LATE:
        half = len(done) // 2
        return done[half // 2 : half], done[-(half // 2 or 1) :]
    return done[EARLY], done[-LATE:]


def _drift(done: Sequence[Round]) -> Iterator[Figure]:
    early, late = windows(done)
    before, after = ([r.wall_s for r in part] for part in (early, late))
    cpu_before, cpu_after = (sum(r.cpu_s for r in part) / len(part) for part in (early, late))
    which = "minutes 2 to 12 and the last 10" if len(early) == LATE else "second quarter and the last one"
    note = f"{len(done)} rounds; {which}"
    yield spread("endure_chunk_early", before, "s")
    yield spread("endure_chunk_late", after, "s")
    yield single("endure_p50_drift", median(after) / median(before), "x", DRIFT_GOAL, note=note)
    yield single("endure_p99_drift", percentile(after, 99) / percentile(before, 99), "x", DRIFT_GOAL, note=note)
    yield single("endure_cpu_drift", cpu_after / cpu_before, "x", DRIFT_GOAL, note="processor time of the same rounds")


def _full(bench: Bench, count: int) -> Iterator[Figure]:
    done = _run(bench, "full", count)
    tenth = max(1, count // 10)
    before, after = done[tenth : 2 * tenth] or done[:1], done[-tenth:]
    slower = median(r.wall_s for r in after) / median(r.wall_s for r in before)
    larger = after[-1].stats.kv_bytes / before[-1].stats.kv_bytes
    yield single(
        "full_kv_growth", larger - 1, "share", better="lower", note=f"mode full, {count} rounds, for comparison"
    )
    yield single("full_p50_drift", slower, "x", note="second tenth against the last")


def _run(bench: Bench, mode: Mode, count: int) -> list[Round]:
    bench.say(f"{count} rounds in mode {mode}")
    given = {"model": bench.model, "device": str(bench.device), "mode": mode}
    config = resolve(given)
    fps, size = round(config.fps), config.size if isinstance(config.size, tuple) else None
    loop = Loop(bench.amounts.endured_s * fps, config.fps, size)
    engine = load_engine(resolve(given | {"context": loop.context}), lambda loading: None, Event())
    done = []
    for one in rounds(engine, loop, fps, count):
        done.append(one)
        if len(done) % TELL_EVERY == 0:
            bench.say(f"mode {mode}, round {len(done)}: p50 {median(r.wall_s for r in done[-TELL_EVERY:]):.3f} s")
    return done
