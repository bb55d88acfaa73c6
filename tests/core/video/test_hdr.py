"""Tone mapping against the figures of BT.2408."""

from __future__ import annotations

import numpy as np
import pytest

from core.video.hdr import HLG, PQ, to_sdr


def shown(share: float, transfer: int) -> int:
    """The grey that a signal of that share of the full range becomes."""
    image = to_sdr(np.full((2, 2, 3), round(share * 65535), np.uint16), transfer)
    assert np.ptp(image) <= 1  # the matrix has four digits
    return int(image[0, 0, 0])


@pytest.mark.parametrize(("transfer", "white", "grey"), [(PQ, 0.58, 0.38), (HLG, 0.75, 0.38)])
def test_paper_white_and_18_percent_grey(transfer: int, white: float, grey: float) -> None:
    assert shown(white, transfer) == pytest.approx(251, abs=3)
    assert shown(grey, transfer) == pytest.approx(105, abs=12)


@pytest.mark.parametrize("transfer", [PQ, HLG])
def test_brighter_is_never_darker(transfer: int) -> None:
    steps = [shown(share, transfer) for share in np.linspace(0, 1, 40)]
    assert steps == sorted(steps)
    assert steps[0] == 0
    assert steps[-1] >= 254


def test_a_saturated_colour_stays_one() -> None:
    signal = np.zeros((1, 1, 3), np.uint16)
    signal[..., 0] = round(0.55 * 65535)
    red, green, blue = (int(value) for value in to_sdr(signal, PQ)[0, 0])
    assert red > 200
    assert max(green, blue) < 40
