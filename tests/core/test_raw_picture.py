"""Pictures as their source has them: the RGB that comes of them, and what is told apart."""

from __future__ import annotations

import av
import numpy as np
import pytest

from core.raw_picture import FULL_RANGE, Colours, RawPicture, pixel_bytes
from core.video.picture import as_decoded, upright

BGRX = np.random.default_rng(1).integers(0, 255, (48, 64, 4), np.uint8)
PLANES = np.random.default_rng(2).integers(16, 235, (72, 64), np.uint8)


def decoded(matrix: int, colour_range: int, form: str = "yuv420p") -> av.VideoFrame:
    frame = av.VideoFrame.from_ndarray(PLANES, form)
    frame.colorspace = matrix
    frame.color_range = colour_range
    return frame


def test_bgrx_swaps_red_and_blue() -> None:
    picture = RawPicture(BGRX, "bgra")
    assert picture.shape == (48, 64, 3)
    assert picture.rgb().flags.c_contiguous
    assert np.abs(picture.rgb().astype(int) - BGRX[..., 2::-1]).max() <= 1
    assert picture.rgb() is picture.rgb()
    assert pixel_bytes(picture) is BGRX


@pytest.mark.parametrize("matrix", [1, 2, 5, 6, 9])
@pytest.mark.parametrize("colour_range", [0, 1, 2])
def test_planes_that_are_handed_on_make_the_same_picture_as_if_converted_at_once(
    matrix: int, colour_range: int
) -> None:
    frame = decoded(matrix, colour_range)
    raw = as_decoded(frame, None)
    assert isinstance(raw, RawPicture)
    assert raw.shape == (48, 64, 3)
    assert np.array_equal(raw.rgb(), upright(frame, None))
    assert not np.array_equal(raw.rgb(), RawPicture(PLANES, "yuv420p", Colours(9 if matrix != 9 else 1, 1)).rgb())


def test_planes_of_a_camera_are_of_the_full_range() -> None:
    raw = as_decoded(decoded(5, 0, "yuvj420p"), None)
    assert isinstance(raw, RawPicture)
    assert raw.colours.range == FULL_RANGE
    assert np.array_equal(raw.rgb(), upright(decoded(5, FULL_RANGE), None))


def test_what_is_not_shown_as_it_was_decoded_is_rgb() -> None:
    from fractions import Fraction

    wide = as_decoded(decoded(1, 1), Fraction(2, 1))
    assert isinstance(wide, np.ndarray)
    assert wide.shape == (48, 128, 3)
    odd = av.VideoFrame.from_ndarray(np.zeros((45, 63, 3), np.uint8), "rgb24").reformat(format="yuv420p")
    assert isinstance(as_decoded(odd, None), np.ndarray)
    assert isinstance(as_decoded(decoded(1, 1).reformat(format="yuv422p"), None), np.ndarray)


def test_the_same_picture_is_told_from_another() -> None:
    other = BGRX.copy()
    other[47, 63, 0] ^= 1
    assert RawPicture(BGRX, "bgra").same_as(RawPicture(BGRX.copy(), "bgra"))
    assert not RawPicture(BGRX, "bgra").same_as(RawPicture(other, "bgra"))
    assert not RawPicture(BGRX, "bgra").same_as(RawPicture(BGRX[:24], "bgra"))
    assert not RawPicture(PLANES, "yuv420p").same_as(RawPicture(PLANES, "yuv420p", Colours(1, 1)))


@pytest.mark.parametrize(
    ("shape", "form"), [((48, 64, 3), "bgra"), ((71, 64), "yuv420p"), ((72, 63), "yuv420p"), ((0, 4, 4), "bgra")]
)
def test_bytes_that_are_no_picture_of_that_kind(shape: tuple[int, ...], form: str) -> None:
    with pytest.raises(ValueError, match="a picture of"):
        RawPicture(np.zeros(shape, np.uint8), form)  # type: ignore[arg-type]
