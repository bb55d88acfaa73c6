"""Rectangles against a count of their pixels."""

from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from app.capture.rectangles import Rectangle, intersection, uncovered

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
