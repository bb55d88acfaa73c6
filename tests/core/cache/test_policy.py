"""The eviction policy and the positions, for any sequence of rounds."""

from __future__ import annotations

import math
from dataclasses import replace
from itertools import accumulate, count

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from core.cache.coverage import miscounted_rounds
from core.cache.policy import EvictionPlan, Windows, plan_eviction, plan_retraction
from core.model.qwen2_5_vl.positions import contiguous_positions, rebase_shifts
from core.prompt.ledger import Ledger, Span, SpanKind

ROUND = st.fixed_dictionaries(
    {
        "words": st.integers(0, 7),
        "stop": st.booleans(),
        "question": st.integers(0, 3),
        "grid": st.tuples(st.integers(1, 3), st.integers(1, 3), st.integers(1, 4)),
        "step": st.sampled_from([0.25, 0.5, 1.0, 2.0, 4 / 3]),
        "dropped": st.none() | st.sets(st.integers(0, 35), max_size=35),  # of the grid's tokens, those that repeat
    }
)
WINDOWS = st.builds(
    Windows,
    text_rounds=st.integers(1, 5),
    vision_rounds=st.integers(1, 5),
    sink_tokens=st.integers(0, 9),
    text_window_tokens=st.integers(0, 9),
)


class Writer:
    """Writes spans whose token ids are all different, so that a token tells where it came from."""

    def __init__(self) -> None:
        self._ids = count()

    def _take(self, n: int) -> tuple[int, ...]:
        return tuple(next(self._ids) for _ in range(n))

    def opening(self, context: int) -> list[Span]:
        kinds = {SpanKind.SYSTEM: 5, SpanKind.PREVIOUS_OPEN: 4, SpanKind.PREVIOUS_TEXT: context}
        return [Span(kind, self._take(n)) for kind, n in (kinds | {SpanKind.PREVIOUS_CLOSE: 2}).items()]

    def round(self, n: int, shape: dict) -> list[Span]:
        kept = kept_of(shape)
        there = math.prod(shape["grid"]) if kept is None else kept.count(1)
        sizes = {
            SpanKind.USER_OPEN: 3, SpanKind.TIME: 4, SpanKind.VISION: 2 + there,
            SpanKind.QUESTION: shape["question"], SpanKind.USER_CLOSE: 2, SpanKind.ANSWER_OPEN: 3,
            SpanKind.WORDS: shape["words"], SpanKind.STOP: int(shape["stop"]), SpanKind.ANSWER_CLOSE: 2,
        }  # fmt: skip
        vision = SpanKind.VISION
        spans = [Span(kind, self._take(size), n, temporal_step=shape["step"]) for kind, size in sizes.items()]
        return [replace(s, grid=shape["grid"], kept=kept) if s.kind is vision else s for s in spans]


def kept_of(shape: dict) -> bytes | None:
    """Which tokens of a round's grid are there, the first one always."""
    if shape["dropped"] is None:
        return None
    return bytes(n == 0 or n not in shape["dropped"] for n in range(math.prod(shape["grid"])))


def run(rounds: list[dict], windows: Windows, context: int) -> list[tuple[list[Span], EvictionPlan]]:
    """The spans before each eviction and its plan, round after round."""
    writer = Writer()
    history = []
    ledger = Ledger(writer.opening(context))
    for n, shape in enumerate(rounds):
        before = list(ledger.spans)
        eviction = plan_eviction(before, n, windows)
        history.append((before, eviction))
        ledger.replace(eviction.spans, 0)
        ledger.append(writer.round(n, shape))
    return history


def tokens(spans: list[Span]) -> list[int]:
    return [token for span in spans for token in span.tokens]


@given(st.lists(ROUND, max_size=14), WINDOWS, st.integers(0, 25))
def test_slices_are_where_the_kept_tokens_stood(rounds: list[dict], windows: Windows, context: int) -> None:
    for before, eviction in run(rounds, windows, context):
        old = tokens(before)
        assert [old[n] for a, b in eviction.slices for n in range(a, b)] == tokens(eviction.spans)


@given(st.lists(ROUND, max_size=14), WINDOWS, st.integers(0, 25))
def test_sinks_stay_and_words_keep_their_order(rounds: list[dict], windows: Windows, context: int) -> None:
    history = run(rounds, windows, context)
    first = next(s for s in history[0][0] if s.kind is SpanKind.PREVIOUS_TEXT).tokens if history else ()
    for _, eviction in history:
        previous = next(s for s in eviction.spans if s.kind is SpanKind.PREVIOUS_TEXT).tokens
        assert previous[: windows.sink_tokens][: len(first)] == first[: windows.sink_tokens]
        assert list(previous) == sorted(previous)
        assert len(previous) <= windows.sink_tokens + windows.text_window_tokens or not rounds
        assert tokens(eviction.spans)[:9] == tokens(history[0][0])[:9]


@given(st.lists(ROUND, min_size=1, max_size=14), WINDOWS)
def test_no_word_is_lost_before_the_window_is_full(rounds: list[dict], windows: Windows) -> None:
    said: list[int] = []
    for before, eviction in run(rounds, windows, 0):
        said = sorted(set(said) | {t for s in before if s.kind is SpanKind.WORDS for t in s.tokens})
        kept = [t for s in eviction.spans if s.kind in (SpanKind.PREVIOUS_TEXT, SpanKind.WORDS) for t in s.tokens]
        assert kept == sorted(kept)
        assert (
            said[len(said) - min(len(said), windows.text_window_tokens) :]
            == kept[len(kept) - min(len(said), windows.text_window_tokens) :]
        )


@given(st.lists(ROUND, max_size=14), WINDOWS)
def test_windows_hold_what_they_promise(rounds: list[dict], windows: Windows) -> None:
    for n, (_, eviction) in enumerate(run(rounds, windows, 3)):
        alive = {kind: {s.round for s in eviction.spans if s.kind is kind} for kind in SpanKind}
        assert alive[SpanKind.VISION] == set(range(max(0, n - windows.vision_rounds + 1), n))
        assert alive[SpanKind.WORDS] == set(range(max(0, n - windows.text_rounds + 1), n))
        assert alive[SpanKind.TIME] == alive[SpanKind.WORDS]
        assert alive[SpanKind.USER_OPEN] == alive[SpanKind.VISION] | alive[SpanKind.WORDS]


@given(st.lists(ROUND, max_size=14), WINDOWS, st.sets(st.integers(0, 13)))
def test_unsaying_takes_these_words_and_no_others(rounds: list[dict], windows: Windows, looping: set[int]) -> None:
    promoted: list[tuple[int, int]] = []
    for n, (before, eviction) in enumerate(run(rounds, windows, 0)):
        gone = {s.round for s in before} - {s.round for s in eviction.spans if s.kind is SpanKind.WORDS}
        promoted += [(s.round, len(s.tokens)) for s in before if s.kind is SpanKind.WORDS and s.round in gone]
        if sum(length for _, length in promoted) > windows.text_window_tokens:
            return
        words = {t for m in looping for t in _words_of(rounds, windows, m, n)}
        left = plan_retraction(eviction.spans, looping, promoted)
        assert tokens(left.spans) == [t for t in tokens(eviction.spans) if t not in words]
        kept = tokens(eviction.spans)
        assert [kept[n] for a, b in left.slices for n in range(a, b)] == tokens(left.spans)


def _words_of(rounds: list[dict], windows: Windows, wanted: int, until: int) -> tuple[int, ...]:
    """The ids said in a round, looked up in the history itself."""
    for before, _ in run(rounds, windows, 0)[: until + 1]:
        for span in before:
            if span.kind is SpanKind.WORDS and span.round == wanted:
                return span.tokens
    return ()


@given(st.lists(ROUND, max_size=10), WINDOWS)
def test_positions_are_contiguous(rounds: list[dict], windows: Windows) -> None:
    """Text advances by one; a block spans its grid; what follows starts one after the largest position used."""
    for before, eviction in run(rounds, windows, 5):
        for spans in (before, eviction.spans):
            positions = contiguous_positions(spans)
            assert positions.shape == (3, len(tokens(spans)))
            _check(spans, positions)


@given(st.lists(ROUND, max_size=14), WINDOWS, st.integers(0, 25), st.floats(-1e7, 1e7))
def test_moving_the_pieces_is_counting_anew(rounds: list[dict], windows: Windows, context: int, origin: float) -> None:
    """What an eviction leaves moves together; from anywhere, round after round, for any kind of token."""
    positions = np.zeros((3, 0))
    for before, eviction in run(rounds, windows, context):
        written = spans_behind(before, positions.shape[1])
        first = positions[0, -1] + 1 if positions.size else origin
        positions = np.concatenate((positions, contiguous_positions(written, first)), axis=1)
        pieces = [positions[:, a:b] for a, b in eviction.slices]
        by = rebase_shifts(pieces, len(pieces) - 1)
        assert by[-1] == 0
        positions = np.concatenate([piece + step for piece, step in zip(pieces, by, strict=True)], axis=1)
        np.testing.assert_allclose(positions - positions[0, 0], contiguous_positions(eviction.spans), rtol=0, atol=1e-6)
        back = rebase_shifts(pieces, 0)
        np.testing.assert_allclose(back - back[-1], by, rtol=0, atol=1e-6)


def spans_behind(spans: list[Span], known: int) -> list[Span]:
    """The spans behind the first `known` tokens."""
    ends = accumulate(len(span.tokens) for span in spans)
    return [span for span, end in zip(spans, ends, strict=True) if end > known]


def _check(spans: list[Span], positions: np.ndarray) -> None:
    at = 0
    largest = np.float32(-1)
    for span in spans:
        block = positions[:, at : at + len(span.tokens)]
        at += len(span.tokens)
        if not span.tokens:
            continue
        if span.grid is None:
            expected = largest + 1 + np.arange(len(span.tokens), dtype=np.float32)
            np.testing.assert_allclose(block, np.broadcast_to(expected, block.shape))
        else:
            start = largest + 2
            np.testing.assert_allclose(block[:, 0], start - 1, rtol=1e-6)
            t, rows, columns = span.grid
            time = np.arange(t, dtype=np.float32) * np.float32(span.temporal_step)
            whole = np.stack(np.meshgrid(time, np.arange(rows), np.arange(columns), indexing="ij")).reshape(3, -1)
            there = np.flatnonzero(np.frombuffer(span.kept, bool)) if span.kept else np.arange(t * rows * columns)
            np.testing.assert_allclose(block[:, 1:-1], start + whole[:, there], rtol=1e-6)
            np.testing.assert_allclose(block[:, -1], start + whole.max() + 1, rtol=1e-6)
        largest = block.max()


@given(st.lists(ROUND, min_size=1, max_size=10), st.integers(0, 9))
def test_tokens_left_out_move_no_other(rounds: list[dict], context: int) -> None:
    """Every token has the position it would have if the grids were whole."""
    whole = Writer().opening(context)
    part = Writer().opening(context)
    there = list(range(context + 11))
    for n, shape in enumerate(rounds):
        for full, some in zip(Writer().round(n, shape | {"dropped": None}), Writer().round(n, shape), strict=True):
            at = sum(len(s.tokens) for s in whole)
            own = (
                [0, *(1 + np.flatnonzero(np.frombuffer(some.kept, bool))), len(full.tokens) - 1] if some.kept else None
            )
            there += [at + i for i in (range(len(full.tokens)) if own is None else own)]
            whole.append(full)
            part.append(some)
    np.testing.assert_array_equal(contiguous_positions(part), contiguous_positions(whole)[:, there])
    assert miscounted_rounds(part) == []


def test_a_long_grid_is_followed_by_the_largest_position() -> None:
    """Stored: transformers >= 5 would start the closing token at 3, after max(rows, columns)."""
    grid = (4, 2, 2)
    spans = [Span(SpanKind.USER_OPEN, (1,), 0), Span(SpanKind.VISION, tuple(range(18)), 0, grid, 2.0)]
    positions = contiguous_positions(spans)
    assert positions[:, 1].tolist() == [1, 1, 1]
    assert positions[0, 2:18].tolist() == [2] * 4 + [4] * 4 + [6] * 4 + [8] * 4
    assert positions[:, 18].tolist() == [9, 9, 9]
