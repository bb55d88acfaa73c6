"""Rotary positions: axial 2-D for the vision tower, M-RoPE for the decoder (Qwen2-VL report, section 2.1)."""

from __future__ import annotations

import torch
from torch import Tensor


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate pairs (i, i + d/2) of the last axis: x * cos + half_turn(x) * sin. Shapes broadcast against x."""
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


def mrope(positions: Tensor, head_dim: int, section: tuple[int, int, int], theta: float) -> tuple[Tensor, Tensor]:
    """Cosines and sines for M-RoPE.

    Args:
        positions: (3, ..., tokens) float32, as transformers has them, or float64: time, row and column of each token;
            equal for text.
        section: how many of the head_dim / 2 frequencies belong to time, row and column.

    Returns:
        cos, sin: (..., tokens, head_dim) float32.
    """
    exponent = torch.arange(0, head_dim, 2, dtype=torch.int64, device=positions.device).float() / head_dim
    frequency = (1.0 / (theta**exponent)).to(positions.dtype)
    parts = zip(positions, frequency.split(section), strict=True)
    angle = torch.cat([position[..., None] * own for position, own in parts], dim=-1)
    cos, sin = angle.cos().float(), angle.sin().float()
    return torch.cat((cos, cos), dim=-1), torch.cat((sin, sin), dim=-1)


def axial(rows: Tensor, columns: Tensor, head_dim: int) -> tuple[Tensor, Tensor]:
    """Cosines and sines of the vision tower: half the frequencies for the row, half for the column.

    Args:
        rows, columns: (patches,) integer coordinates in the grid.

    Returns:
        cos, sin: (patches, head_dim) float32.
    """
    spatial = head_dim // 2
    frequency = 1.0 / (10000.0 ** (torch.arange(0, spatial, 2, dtype=torch.float, device=rows.device) / spatial))
    angle = torch.cat((rows[:, None].float() * frequency, columns[:, None].float() * frequency), dim=-1)
    angle = torch.cat((angle, angle), dim=-1)
    return angle.cos(), angle.sin()
