"""One row more slides in."""

from __future__ import annotations

import pytest

from app.overlay.captions import RISE_S
from app.overlay.slide_animation import SlideAnimation


def test_a_line_that_wraps_glides_up_and_comes_to_rest() -> None:
    slide = SlideAnimation()
    slide.follow("Harbour win it", 30, 0.0)
    assert slide.offset(0.0) == 0.0
    slide.follow("Harbour win it back in", 60, 1.0)
    offsets = [slide.offset(1.0 + RISE_S * part) for part in (0, 0.3, 0.6, 0.9)]
    assert offsets[0] == 30
    assert offsets == sorted(offsets, reverse=True)
    assert slide.offset(1.0 + RISE_S) == 0.0


def test_another_line_does_not_glide() -> None:
    slide = SlideAnimation()
    slide.follow("Short", 30, 0.0)
    slide.follow("A line that needs two rows from the start", 60, 1.0)
    assert slide.offset(1.0) == 0.0


def test_two_rows_in_quick_succession_add_up() -> None:
    slide = SlideAnimation()
    slide.follow("a", 30, 0.0)
    slide.follow("a b", 60, 1.0)
    left = slide.offset(1.0 + RISE_S / 4)
    slide.follow("a b c", 90, 1.0 + RISE_S / 4)
    assert slide.offset(1.0 + RISE_S / 4) == pytest.approx(left + 30)


def test_without_motion_nothing_slides() -> None:
    animation = SlideAnimation()
    animation.still = True
    animation.follow("one row", 20.0, 0.0)
    animation.follow("one row and one more", 40.0, 1.0)
    assert animation.offset(1.0) == 0.0
