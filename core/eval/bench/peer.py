"""Section `peer`: transformers' own loop beside ours, on the same weights and frames, in the same run."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from statistics import median

import torch

from core.eval.bench.bench import NEW_TOKENS, Bench, Kind
from core.eval.bench.chunk import decode_step_s
from core.eval.bench.figure import Figure, single, spread
from core.eval.bench.rounds import Round
from core.eval.bench.transformers_loop import Peer, PeerRound

TURN_TEXT_TOKENS = 21
"""Tokens of a turn beside its pictures, as the published format has them: 741 for a grid of 720."""
CHUNK_GOAL = 2.5
DECODE_GOAL = 8.0


def figures(bench: Bench) -> Iterator[Figure]:
    """Seconds of its stages, and how many times faster ours are."""
    ours = bench.run(Kind(bench.first, 2))
    width, height = size = bench.frame_size()
    turn = width * height // 28**2 + TURN_TEXT_TOKENS + NEW_TOKENS
    cached = max(64, ours.rounds[-1].stats.kv_tokens - turn)
    steady = ours.steady or ours.rounds[-1:]
    bench.say(f"transformers' own loop, {cached} cached before a turn")
    theirs = _measured(bench, cached, size)
    yield spread("transformers_chunk", [r.chunk_s for r in theirs], "s", note=f"{cached} cached before the turn")
    yield spread("transformers_vision", [1e3 * r.vision_s for r in theirs], "ms")
    yield spread("transformers_prefill", [1e3 * r.prefill_s for r in theirs], "ms", note="tower included")
    yield spread("transformers_decode_step", [1e3 * r.step_s for r in theirs], "ms")
    kinds = bench.precisions if bench.shape else [bench.first]
    for precision in kinds:
        steady = bench.run(Kind(precision, 2)).steady or steady
        yield from _ratios(precision, steady, theirs, CHUNK_GOAL, DECODE_GOAL if bench.shape else None)


def _measured(bench: Bench, cached: int, size: tuple[int, int]) -> list[PeerRound]:
    """On the CPU with our number of threads and with all there are, whichever is faster."""
    if bench.device.type == "cuda":
        return _rounds(bench, cached, size)
    ours, every = torch.get_num_threads(), os.cpu_count() or 1
    tried = []
    for threads in (ours, every):
        torch.set_num_threads(threads)
        tried.append(_rounds(bench, cached, size))
    torch.set_num_threads(ours)
    return min(tried, key=lambda rounds: median(r.chunk_s for r in rounds))


def _rounds(bench: Bench, cached: int, size: tuple[int, int]) -> list[PeerRound]:
    peer = Peer(bench, cached)
    chunk = bench.loop.chunk(0, 2)
    rounds = [peer.round(chunk, size, TURN_TEXT_TOKENS) for _ in range(bench.amounts.peer_rounds + 1)][1:]
    del peer
    bench.forget_engines()
    return rounds


def _ratios(
    precision: str, ours: list[Round], theirs: list[PeerRound], chunk_goal: float, decode_goal: float | None
) -> Iterator[Figure]:
    """How many times as long theirs takes; the prefill with the tower on both sides."""

    def ratio(of_theirs: Callable[[PeerRound], float], of_ours: Callable[[Round], float]) -> float:
        return median(map(of_theirs, theirs)) / median(map(of_ours, ours))

    chunk = ratio(lambda r: r.chunk_s, lambda r: r.wall_s)
    yield single(f"faster_chunk_{precision}", chunk, "x", chunk_goal, "higher")
    step = ratio(lambda r: r.step_s, decode_step_s)
    yield single(f"faster_decode_step_{precision}", step, "x", decode_goal, "higher")
    seen = ratio(lambda r: r.cut_s + r.prefill_s, lambda r: r.stats.vision_s + r.stats.prefill_s)
    yield single(f"faster_vision_and_prefill_{precision}", seen, "x", None, "higher")
