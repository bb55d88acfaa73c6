"""M-RoPE positions of grids and of the text around them (for any sequence: tests/core/cache/test_policy.py)."""

from __future__ import annotations

import numpy as np

from core.model.qwen2_5_vl.positions import contiguous_positions, grid_positions, rebase_shifts
from core.prompt.ledger import Span, SpanKind


def test_a_grid_counts_time_first_then_row_and_column() -> None:
    positions, largest = grid_positions((2, 2, 3), 2.0)
    assert positions.T.tolist() == [
        [0, 0, 0], [0, 0, 1], [0, 0, 2], [0, 1, 0], [0, 1, 1], [0, 1, 2],
        [2, 0, 0], [2, 0, 1], [2, 0, 2], [2, 1, 0], [2, 1, 1], [2, 1, 2],
    ]  # fmt: skip
    assert largest == 2


def test_text_goes_on_behind_the_largest_position_on_any_axis() -> None:
    spans = [Span(SpanKind.VISION, (0, *(1,) * 8, 2), 0, (1, 1, 8)), Span(SpanKind.WORDS, (3, 4), 0)]
    positions = contiguous_positions(spans, 10.0)
    assert positions[:, 0].tolist() == [10, 10, 10]
    assert positions[:, 8].tolist() == [11, 11, 18]
    assert positions[:, 9:].tolist() == [[19, 20, 21]] * 3


def test_tokens_left_out_leave_the_others_in_their_places() -> None:
    kept = bytes([1, 0, 0, 1])
    positions, largest = grid_positions((1, 2, 2), 1.0, kept)
    assert positions.T.tolist() == [[0, 0, 0], [0, 1, 1]]
    assert largest == 1


def test_gaps_are_closed_towards_the_piece_that_stays() -> None:
    pieces = [np.full((3, 1), place) + np.arange(4.0) for place in (0.0, 10.0, 30.0)]
    assert rebase_shifts(pieces, 1).tolist() == [6.0, 0.0, -16.0]
    assert rebase_shifts(pieces, 2).tolist() == [22.0, 16.0, 0.0]
