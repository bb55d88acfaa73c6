"""Rectangles against a count of their pixels."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.capture.rectangles import Rectangle, intersection, uncovered, upright_parts

SIDE = 24
rectangles = st.tuples(st.integers(-4, 20), st.integers(-4, 20), st.integers(1, 12), st.integers(1, 12))


def painted(rects: list[Rectangle]) -> np.ndarray:
    """How many of them lie on each pixel, (pixels, pixels)."""
    counts = np.zeros((2 * SIDE, 2 * SIDE), int)
    for x, y, width, height in rects:
        counts[y + 8 : y + 8 + height, x + 8 : x + 8 + width] += 1
    return counts


@given(rectangles, st.lists(rectangles, max_size=6))
def test_what_is_not_covered_is_left_once(rect: Rectangle, covers: list[Rectangle]) -> None:
    wanted = (painted([rect]) > 0) & (painted(covers) == 0)
    assert (painted(uncovered(rect, covers)) == wanted).all()


@given(rectangles, rectangles)
def test_an_intersection_is_what_both_paint(a: Rectangle, b: Rectangle) -> None:
    common = intersection(a, b)
    assert (painted([common] if common else []) == painted([a]) * painted([b])).all()


@given(st.lists(rectangles, max_size=6))
def test_upright_parts_paint_each_pixel_once_and_have_a_free_one_above_and_below(rects: list[Rectangle]) -> None:
    parts = upright_parts(rects)
    union = painted(rects) > 0
    assert (painted(parts) == union).all()
    for x, y, width, height in parts:
        for row in (y - 1, y + height):
            assert not union[row + 8, x + 8 : x + 8 + width].any()
