"""The degrade ladder gives up pixels first, then frames, then memory of pictures."""

from __future__ import annotations

import math
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from core.engine.quality import QUALITY_LEVELS, QualityLevel, best_level_within


def needed(level: QualityLevel) -> int:
    return int(1000 * level.pixels * level.frames * level.vision) + 100


def test_without_a_ceiling_nothing_is_given_up() -> None:
    assert best_level_within(needed, math.inf) == QualityLevel()
    assert str(QualityLevel()) == "everything"


def test_pixels_go_before_frames_and_frames_before_the_window() -> None:
    for before, after in pairwise(QUALITY_LEVELS):
        assert needed(after) < needed(before)
        if after.frames < 1:
            assert before.pixels == QUALITY_LEVELS[-1].pixels
        if after.vision < 1:
            assert before.frames == QUALITY_LEVELS[-1].frames


@given(st.integers(0, 2000))
def test_the_highest_rung_that_fits(limit: int) -> None:
    level = best_level_within(needed, limit)
    higher = QUALITY_LEVELS[: QUALITY_LEVELS.index(level)]
    assert all(needed(other) > limit for other in higher)
    assert needed(level) <= limit or level == QUALITY_LEVELS[-1]
