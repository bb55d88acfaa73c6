"""One row more slides in."""

from __future__ import annotations

import pytest

from app.overlay.captions import RISE_S
from app.overlay.glide import Glide


def test_a_line_that_wraps_glides_up_and_comes_to_rest() -> None:
    glide = Glide()
    glide.follow("Harbour win it", 30, 0.0)
    assert glide.offset(0.0) == 0.0
    glide.follow("Harbour win it back in", 60, 1.0)
    offsets = [glide.offset(1.0 + RISE_S * part) for part in (0, 0.3, 0.6, 0.9)]
    assert offsets[0] == 30
    assert offsets == sorted(offsets, reverse=True)
    assert glide.offset(1.0 + RISE_S) == 0.0


def test_another_line_does_not_glide() -> None:
    glide = Glide()
    glide.follow("Short", 30, 0.0)
    glide.follow("A line that needs two rows from the start", 60, 1.0)
    assert glide.offset(1.0) == 0.0


def test_two_rows_in_quick_succession_add_up() -> None:
    glide = Glide()
    glide.follow("a", 30, 0.0)
    glide.follow("a b", 60, 1.0)
    left = glide.offset(1.0 + RISE_S / 4)
    glide.follow("a b c", 90, 1.0 + RISE_S / 4)
    assert glide.offset(1.0 + RISE_S / 4) == pytest.approx(left + 30)
