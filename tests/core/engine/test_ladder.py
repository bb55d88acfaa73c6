"""The degrade ladder gives up pixels first, then frames, then memory of pictures."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.engine.ladder import LADDER, Rung, highest_that_fits


def needed(rung: Rung) -> int:
    return int(1000 * rung.pixels * rung.frames * rung.vision) + 100


def test_without_a_ceiling_nothing_is_given_up() -> None:
    assert highest_that_fits(needed, math.inf) == Rung()
    assert str(Rung()) == "everything"


def test_pixels_go_before_frames_and_frames_before_the_window() -> None:
    for before, after in pairwise(LADDER):
        assert needed(after) < needed(before)
        if after.frames < 1:
            assert before.pixels == LADDER[-1].pixels
        if after.vision < 1:
            assert before.frames == LADDER[-1].frames


@given(st.integers(0, 2000))
def test_the_highest_rung_that_fits(limit: int) -> None:
    rung = highest_that_fits(needed, limit)
    higher = LADDER[: LADDER.index(rung)]
    assert all(needed(other) > limit for other in higher)
    assert needed(rung) <= limit or rung == LADDER[-1]
