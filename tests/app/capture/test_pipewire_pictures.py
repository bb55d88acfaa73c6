"""Pictures as GStreamer hands them on; whole streams are tested in test_shared_screen.py."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture.pipewire_pictures import RawPicture, bytes_of, rgb, size_in

pytest.importorskip("av")


@pytest.mark.parametrize(("size", "shown"), [((8, 6), (6, 8, 3)), ((7, 5), (4, 6, 3))])
def test_colours_are_right_at_any_size(size: tuple[int, int], shown: tuple[int, int, int]) -> None:
    pixels = size[0] * size[1]
    chroma = (bytes_of(size) - pixels) // 2
    red = bytes([81]) * pixels + bytes([90]) * chroma + bytes([240]) * chroma  # BT.601, limited range
    picture = rgb(RawPicture(1, 0.0, size, red))
    assert picture.shape == shown
    assert picture.flags.c_contiguous
    assert np.abs(picture.astype(int) - (255, 0, 0)).max() <= 3


def test_a_header_says_how_large_what_follows_is() -> None:
    assert size_in(b"YUV4MPEG2 C420 W321 H241 Ip F5:1 A1:1\n") == (321, 241)
    assert bytes_of((321, 241)) == 321 * 241 + 2 * 161 * 121
    for damaged in (b"YUV4MPEG2 \n", b"YUV4MPEG2 W-3 H5\n", b"YUV4MPEG2 W99999 H5\n", b"YUV4MPEG2 W1 H1\n"):
        assert size_in(damaged) == (0, 0)
