"""Section `chunk`: one second of stream end to end, in steady state, stage by stage."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import torch

from core.engine.memory import QualityLevel
from core.eval.bench.bench import NEW_TOKENS, Bench, RunConfig
from core.eval.bench.figure import Figure, percentile, single, spread
from core.eval.bench.roofline import timed
from core.eval.bench.timed_rounds import Run, TimedRound, run
from core.model.qwen2_5_vl.decoder import Decoder

STAGES = ("vision", "evict", "prefill", "decode")
CHUNK_GOAL_S = {"2fps_bf16": 0.125, "8fps_bf16": 0.33, "2fps_fp8": 0.075, "8fps_fp8": 0.2, "2fps_fp32": 0.06}
DECODE_GOAL_MS = {"bf16": 4.1, "fp8": 2.6}
VISION_GOAL_MS = 9.0
PREFILL_GOAL_MS = 26.0
LIVE_S = 1.0
FIRST_TOKEN_GOALS_S = 0.045, 0.07  # p50 and p99 at 2 fps
BANDWIDTH_GOAL = 0.85
NATURAL_GOAL_S = 0.06
EVICT_GOAL = 0.03


def figures(bench: Bench) -> Iterator[Figure]:
    """At 2 and at 8 fps in every precision; a checkpoint of our own with natural lines, too."""
    for precision in bench.precisions:
        for fps in (2, 8):
            done = bench.run(RunConfig(precision, fps), ahead=bench.workload.steady)
            yield from _chunk(f"{fps}fps_{precision}", done)
            yield from _ahead(f"{fps}fps_{precision}", done)
            if bench.shape and fps == 2:
                yield from _alone(bench, precision)
                yield from _decode(bench, precision, done)
    if bench.shape is None:
        yield from _natural(bench)


def _chunk(name: str, done: Run) -> Iterator[Figure]:
    steady = done.steady or done.rounds[-1:]
    tokens = steady[-1].stats.kv_tokens
    odd = {r.stats.new_tokens for r in steady} - {NEW_TOKENS}
    note = _joined(f"{tokens} cached", f"new tokens {sorted(odd)}" if odd else "", drafts(steady))
    wall_times = done.wall_times()
    yield spread(f"chunk_{name}", wall_times, "s", CHUNK_GOAL_S.get(name), note=note)
    yield single(f"chunk_{name}_p99", percentile(wall_times, 99), "s", LIVE_S, note=f"{len(wall_times)} chunks")
    yield from _first_token(name, steady)
    for stage in STAGES:
        seconds = [getattr(r.stats, f"{stage}_s") for r in steady]
        note = "as the host sees it" if done.peak_bytes else ""  # a device may still be at the stage before
        yield spread(f"{stage}_{name}", [1e3 * s for s in seconds], "ms", note=note)
    share = sum(r.stats.evict_s for r in steady) / sum(r.stats.compute_s for r in steady)
    yield single(f"evict_share_{name}", share, "share", EVICT_GOAL)


def _ahead(name: str, done: Run) -> Iterator[Figure]:
    """The same where frames are read as they come, from the last one on."""
    if done.ahead:
        note = _joined("from its last frame on", drafts(done.ahead))
        yield spread(f"chunk_{name}_ahead", [r.wall_s for r in done.ahead], "s", CHUNK_GOAL_S.get(name), note=note)
        yield from _first_token(f"{name}_ahead", done.ahead)
        work = [r.stats.compute_s for r in done.ahead]
        yield spread(f"work_{name}_ahead", work, "s", note="all of it, as the host sees it")


def _joined(*notes: str) -> str:
    return ", ".join(note for note in notes if note)


def _first_token(name: str, rounds: Sequence[TimedRound]) -> Iterator[Figure]:
    seconds = [r.stats.first_token_s for r in rounds]
    p50, p99 = FIRST_TOKEN_GOALS_S if name.startswith("2fps") else (None, None)
    yield spread(f"first_token_{name}", seconds, "s", p50, note="after the chunk's last frame")
    yield single(f"first_token_{name}_p99", percentile(seconds, 99), "s", p99)


def drafts(rounds: Sequence[TimedRound]) -> str:
    """How many of the tokens that a draft foresaw were said, for people; nothing where none were drafted."""
    before = rounds[0].stats
    after = rounds[-1].stats
    offered = after.drafted - before.drafted
    taken = after.draft_taken - before.draft_taken
    return f"{taken} of {offered} drafted tokens said" if offered else ""


def _alone(bench: Bench, precision: str) -> Iterator[Figure]:
    """The two large stages on an idle device: a grid from two frames, and the last turn read once more."""
    engine = bench.engine(RunConfig(precision, 2))
    filled = run(engine, bench.looped, 2, 1)
    chunk = bench.looped.chunk(len(filled.rounds), 2)
    context = engine.context
    runner = engine.runner
    spans = context.ledger.spans
    last = filled.rounds[-1].stats.round
    start = sum(len(span.tokens) for span in spans if span.round < last)

    def read_again() -> None:
        context.ledger.cached = start
        context.cache.truncate(start)
        runner.prefill()

    with torch.inference_mode():
        context.cache.reserve(context.size())
        seen = timed(
            bench.device, lambda: engine.vision_encoder.encode(chunk.frames, QualityLevel()), bench.workload.steady
        )
        read = timed(bench.device, read_again, bench.workload.steady)
    yield spread(
        f"vision_alone_{precision}", [1e3 * s for s in seen], "ms", VISION_GOAL_MS, note="two frames, one grid"
    )
    note = f"{len(context.ledger) - start} tokens after {start}"
    yield spread(f"prefill_alone_{precision}", [1e3 * s for s in read], "ms", PREFILL_GOAL_MS, note=note)


def _decode(bench: Bench, precision: str, done: Run) -> Iterator[Figure]:
    steps = [decode_step_s(r) for r in done.steady or done.rounds[-1:]]
    tokens = done.rounds[-1].stats.kv_tokens
    goal = DECODE_GOAL_MS.get(precision)
    yield spread(f"decode_step_{precision}", [1e3 * s for s in steps], "ms", goal, note=f"{tokens} cached")
    entry = bench.config.kv_bytes_per_token(bench.cache_dtype.itemsize)
    must_read = read_bytes(bench.checkpoint(precision).model.decoder) + tokens * entry
    best = max(bench.roofline.copy)
    shares = [must_read / s / best for s in steps]
    note = f"{must_read / 1e9:.1f} GB a token"
    yield spread(f"decode_bandwidth_{precision}", shares, "share", BANDWIDTH_GOAL, "higher", note)


def decode_step_s(one: TimedRound) -> float:
    """Seconds from one token to the next: all there is after the first one, sampling and text included."""
    spoken = one.stats.compute_s - one.stats.ahead_s - one.stats.first_token_s
    return spoken / max(1, one.stats.new_tokens - 1)


def read_bytes(decoder: Decoder) -> int:
    """Bytes of the weights that one token must read: all but the embedding, which may be the head, too."""
    once = sum(parameter.nbytes for parameter in decoder.parameters())
    return once if decoder.config.tied else once - decoder.embed.weight.nbytes


def _natural(bench: Bench) -> Iterator[Figure]:
    """Lines as long as the model makes them: mostly silence."""
    bench.report("natural lines")
    engine = bench.engine(RunConfig(bench.first, 2), bad_words=(), context=bench.looped.context)
    done = run(engine, bench.looped, 2, bench.workload.steady)
    words = sum(r.stats.new_tokens for r in done.steady) / len(done.steady)
    yield spread("chunk_natural", done.wall_times(), "s", NATURAL_GOAL_S, note=f"{words:.1f} tokens a chunk")
    yield single("chunk_natural_p95", percentile(done.wall_times(), 95), "s", NATURAL_GOAL_S)
    share = sum(r.stats.evict_s for r in done.steady) / sum(r.stats.compute_s for r in done.steady)
    yield single("evict_share_natural", share, "share", EVICT_GOAL)
