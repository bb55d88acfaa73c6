"""Section `peer`: transformers' own loop beside ours, on the same weights and frames, in the same run.

A chunk of ours and a chunk of theirs take turns, so that whatever else slows the machine down slows both. On a
CPU both get as many threads as theirs is fastest with; ours as it runs beside a window, with half the cores, is
told apart.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator
from statistics import median

import torch

from core.engine.draft import NgramProposer
from core.engine.engine import Engine
from core.eval.bench.bench import NEW_TOKENS, Bench, RunConfig
from core.eval.bench.chunk import decode_step_s, drafts
from core.eval.bench.figure import Figure, spread
from core.eval.bench.timed_rounds import TimedRound, filling_rounds, rounds
from core.eval.bench.transformers_loop import TransformersLoop, TransformersRound

FPS = 2
TURN_TEXT_TOKENS = 21
"""Tokens of a turn beside its pictures, as the published format has them: 741 for a grid of 720."""
WARM = 4  # pairs before those that count: other threads take other code
CHUNK_GOAL = 2.5
DECODE_GOAL = 8.0
Pair = tuple[TimedRound, TransformersRound]


def figures(bench: Bench) -> Iterator[Figure]:
    """Seconds of its stages, and how many times faster ours are."""
    transformers_loop: TransformersLoop | None = None
    for precision in bench.precisions if bench.shape else [bench.first]:
        bench.report(f"transformers' own loop beside ours in {precision}")
        pairs, transformers_loop = _pairs(bench, bench.engine(RunConfig(precision, FPS)), transformers_loop)
        if precision == bench.first:
            yield from _theirs([theirs for _, theirs in pairs], transformers_loop.cached)
        yield from _ratios(precision, pairs, DECODE_GOAL if bench.shape else None)
    if bench.shape is None:
        yield from _undrafted(bench, transformers_loop)
        yield from _beside_a_window(bench, transformers_loop)


def _undrafted(bench: Bench, transformers_loop: TransformersLoop | None) -> Iterator[Figure]:
    """A line that is cut at its limit goes round in circles, which a draft foresees too well: the same without."""
    engine = bench.engine(RunConfig(bench.first, FPS))
    engine.generator.proposer = NoDraft(engine.generator.proposer.end)
    pairs, _ = _pairs(bench, engine, transformers_loop)
    yield _chunk_ratio(f"{bench.first}_undrafted", pairs, None, "every token a step of its own")


def _beside_a_window(bench: Bench, transformers_loop: TransformersLoop | None) -> Iterator[Figure]:
    """Ours with the threads it has beside a window, theirs with its best number all the same."""
    pairs, _ = _pairs(bench, bench.engine(RunConfig(bench.first, FPS)), transformers_loop, torch.get_num_threads())
    yield _chunk_ratio(f"{bench.first}_beside_a_window", pairs, None, "ours with half the cores")


class NoDraft(NgramProposer):
    """Foresees nothing."""

    def propose(self, ids: Iterable[int], limit: int) -> list[int]:
        return []


def _pairs(
    bench: Bench, engine: Engine, transformers_loop: TransformersLoop | None, threads: int = 0
) -> tuple[list[Pair], TransformersLoop]:
    """Ours and theirs in turn, once our windows are full; a new `transformers_loop` has as much cached as we have.

    threads: of ours; 0: as many as theirs.
    """
    filling = filling_rounds(engine.config)
    count = WARM + bench.workload.transformers_rounds
    ours = rounds(engine, bench.looped, FPS, filling + count)
    filled = [next(ours) for _ in range(filling)][-1]
    width, height = size = bench.frame_size()
    if transformers_loop is None:
        turn = width * height // 28**2 + TURN_TEXT_TOKENS + NEW_TOKENS
        transformers_loop = TransformersLoop(bench, max(64, filled.stats.kv_tokens - turn))
    before = torch.get_num_threads()
    theirs = _best_threads(bench, transformers_loop, size)
    pairs = []
    for number in range(count):
        torch.set_num_threads(threads or theirs)
        one = next(ours)
        torch.set_num_threads(theirs)
        pairs.append((one, transformers_loop.round(bench.looped.chunk(filling + number, FPS), size, TURN_TEXT_TOKENS)))
    torch.set_num_threads(before)
    return pairs[WARM:], transformers_loop


def _best_threads(bench: Bench, transformers_loop: TransformersLoop, size: tuple[int, int]) -> int:
    """With how many threads theirs is fastest: as many as ours takes, or all there are."""
    mine = torch.get_num_threads()
    if bench.device.type != "cpu":
        return mine
    tried: dict[int, float] = {}
    for threads in {mine, os.cpu_count() or 1}:
        torch.set_num_threads(threads)
        tried[threads] = median(
            transformers_loop.round(bench.looped.chunk(n, FPS), size, TURN_TEXT_TOKENS).chunk_s for n in range(3)
        )
    torch.set_num_threads(mine)
    return min(tried, key=lambda threads: tried[threads])


def _chunk_ratio(name: str, pairs: list[Pair], goal: float | None, note: str) -> Figure:
    return spread(f"faster_chunk_{name}", [t.chunk_s / o.wall_s for o, t in pairs], "x", goal, "higher", note)


def _theirs(rounds: list[TransformersRound], cached: int) -> Iterator[Figure]:
    yield spread("transformers_chunk", [r.chunk_s for r in rounds], "s", note=f"{cached} cached before the turn")
    yield spread("transformers_vision", [1e3 * r.vision_s for r in rounds], "ms")
    yield spread("transformers_prefill", [1e3 * r.prefill_s for r in rounds], "ms", note="tower included")
    yield spread("transformers_decode_step", [1e3 * r.step_s for r in rounds], "ms")


def _ratios(precision: str, pairs: list[Pair], decode_goal: float | None) -> Iterator[Figure]:
    """How many times as long theirs takes, pair by pair; vision and prefill from the frames on, on both sides."""

    def ratios(of_theirs: Callable[[TransformersRound], float], of_ours: Callable[[TimedRound], float]) -> list[float]:
        return [of_theirs(theirs) / of_ours(ours) for ours, theirs in pairs]

    yield _chunk_ratio(precision, pairs, CHUNK_GOAL, drafts([ours for ours, _ in pairs]))
    step = ratios(lambda r: r.step_s, decode_step_s)
    yield spread(f"faster_decode_step_{precision}", step, "x", decode_goal, "higher")
    seen = ratios(lambda r: r.cut_s + r.prefill_s, lambda r: r.stats.vision_s + r.stats.prefill_s)
    yield spread(f"faster_vision_and_prefill_{precision}", seen, "x", None, "higher")
