"""Sizes of shown pictures."""

from __future__ import annotations

from fractions import Fraction

import numpy as np
import pytest

from core.errors import SourceError
from core.video import picture
from core.video.picture import shown_size, upright

av = pytest.importorskip("av")


@pytest.mark.parametrize(
    ("size", "ratio", "shown"),
    [
        ((720, 576), Fraction(16, 11), (1047, 576)),
        ((640, 480), Fraction(1, 1000), (640, 480)),
        ((640, 480), Fraction(1000, 1), (640, 480)),
        ((640, 480), None, (640, 480)),
        ((8192, 4096), None, (4096, 2048)),
        ((8192, 1), None, (4096, 1)),
    ],
)
def test_square_pixels_of_a_bounded_size(size: tuple[int, int], ratio: Fraction | None, shown: tuple[int, int]) -> None:
    assert shown_size(*size, ratio) == shown


def test_too_large_a_frame_is_refused_in_words(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(picture, "MAX_PIXELS", 100)
    frame = av.VideoFrame.from_ndarray(np.zeros((16, 16, 3), np.uint8), format="rgb24")
    with pytest.raises(SourceError, match="16 x 16 pixels"):
        upright(frame, None)
