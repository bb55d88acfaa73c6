"""Rotation: positions far away against the angles computed there."""

from __future__ import annotations

import pytest
import torch

from core.model.rotary import further, mrope, rotate, shift


@pytest.mark.parametrize("by", [1.0, 40.25, 60_000.0])
def test_further_is_the_rotation_there(by: float) -> None:
    positions = torch.arange(90.0).view(3, 30)
    near = mrope(positions, 64, (8, 12, 12), 1e6)
    frequency = 1.0 / 1e6 ** (torch.arange(0, 64, 2).double() / 64)
    split = zip(positions.double() + by, frequency.split((8, 12, 12)), strict=True)
    angle = torch.cat([position[:, None] * own for position, own in split], dim=-1).repeat(1, 2)
    cos, sin = further(*near, by, 1e6)
    atol = 2e-5 + by * 1e-7  # the frequencies themselves have seven digits
    torch.testing.assert_close(cos.double(), angle.cos(), atol=atol, rtol=0)
    torch.testing.assert_close(sin.double(), angle.sin(), atol=atol, rtol=0)


def test_a_shifted_key_is_the_key_turned_there() -> None:
    """However far from 0 both places are: only what lies between them counts."""
    by = torch.tensor([-300.0, -4 / 3, 0.0, 17.0, 5e6, -2e7], dtype=torch.float64)
    positions = torch.arange(6.0).expand(3, -1)
    near = mrope(positions, 64, (8, 12, 12), 1e6)
    keys = torch.randn(6, 64)
    shifted = rotate(rotate(keys, *near), *shift(by, 64, 1e6))
    for n, step in enumerate(by.tolist()):
        cos, sin = further(near[0][n : n + 1], near[1][n : n + 1], step, 1e6)
        torch.testing.assert_close(shifted[n], rotate(keys[n], cos[0], sin[0]), atol=2e-6, rtol=1e-5)
