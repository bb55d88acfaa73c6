"""Rotation: positions far away against the angles computed there."""

from __future__ import annotations

import pytest
import torch

from core.model.rotary import further, mrope


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
