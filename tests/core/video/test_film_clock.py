"""Stamps that jump, go missing and begin anew."""

from __future__ import annotations

import pytest

from core.video.film_clock import FilmClock


def times(stamps: list[float | None], *, start: float = 0.0, jumps: bool = True) -> list[float]:
    clock = FilmClock(start, jumps=jumps)
    return [clock.at(stamp, 0.1) for stamp in stamps]


def test_steady_stamps_are_taken_as_they_are() -> None:
    assert times([5.0, 5.1, 5.25, 7.0], start=5.0) == pytest.approx([0, 0.1, 0.25, 2.0])


@pytest.mark.parametrize("other", [-20.0, 3.0, 90_000.0])
def test_after_a_jump_the_film_goes_on(other: float) -> None:
    assert times([10.0, 10.1, 10.1 + other, 10.2 + other], start=10.0) == pytest.approx(
        [0, 0.1, 0.2, 0.3] if abs(other) > 10 else [0, 0.1, 3.1, 3.2]
    )


def test_pictures_without_stamps_follow_each_other() -> None:
    assert times([None, None, 0.2, None]) == pytest.approx([0, 0.1, 0.2, 0.3])


def test_a_picture_may_stand_for_minutes_where_counts_do_not_jump() -> None:
    assert times([0.0, 0.1, 300.0], jumps=False) == pytest.approx([0, 0.1, 300.0])
