"""Blending, filling and converting BGRX pixels, against the formula written out."""

from __future__ import annotations

import numpy as np

from app.capture.pixels import GREY, blend, fill

RNG = np.random.default_rng(0)


def picture(height: int, width: int) -> np.ndarray:
    return RNG.integers(0, 256, (height, width, 4), np.uint8)


def test_an_opaque_picture_replaces_what_is_below() -> None:
    below, above = picture(4, 6), picture(4, 6)
    blend(below, above, translucent=False)
    assert (below == above).all()


def test_a_translucent_picture_lets_its_share_through() -> None:
    below = picture(5, 7)
    opacity = RNG.integers(0, 256, (5, 7, 1))
    colours = RNG.integers(0, 256, (5, 7, 3)) * opacity // 255  # premultiplied
    expected = np.minimum(colours + below[..., :3] * (255 - opacity) // 255, 255)
    blend(below, np.concatenate((colours, opacity), 2).astype(np.uint8), translucent=True)
    assert (below[..., :3] == expected).all()


def test_a_hole_is_filled_from_the_row_above_to_the_row_below() -> None:
    whole = picture(6, 5)
    filled = whole.copy()
    fill(filled, 1, 2, 4, 5)
    assert (filled[2, 1:4] == whole[1, 1:4]).all()
    assert (filled[4, 1:4] == whole[5, 1:4]).all()
    untouched = np.ones((6, 5), bool)
    untouched[2:5, 1:4] = False
    assert (filled[untouched] == whole[untouched]).all()


def test_where_nothing_is_left_it_is_grey() -> None:
    filled = picture(3, 4)
    fill(filled, 0, 0, 4, 3)
    assert (filled == GREY).all()
