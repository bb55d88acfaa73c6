"""Rotary positions: axial 2-D for the vision tower, M-RoPE for the decoder (Qwen2-VL report, section 2.1)."""

from __future__ import annotations

from functools import lru_cache

import numpy as np
import torch
from torch import Tensor


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate pairs (i, i + d/2) of the last axis: x * cos + rotate_half(x) * sin. Shapes broadcast against x."""
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((-second, first), dim=-1) * sin


def mrope(positions: Tensor, head_dim: int, section: tuple[int, int, int], theta: float) -> tuple[Tensor, Tensor]:
    """Cosines and sines for M-RoPE.

    Args:
        positions: (3, ..., tokens) float32: time, row and column of each token; equal for text.
        section: how many of the head_dim / 2 frequencies belong to time, row and column.

    Returns:
        cos, sin: (..., tokens, head_dim) float32.
    """
    parts = zip(positions.float(), frequencies(head_dim, theta, positions.device).split(section), strict=True)
    angle = torch.cat([position[..., None] * own for position, own in parts], dim=-1)
    cos = angle.cos()
    sin = angle.sin()
    return torch.cat((cos, cos), dim=-1), torch.cat((sin, sin), dim=-1)


def frequencies(head_dim: int, theta: float, device: torch.device) -> Tensor:
    """(head_dim / 2,) float32, in radians a position."""
    exponent = torch.arange(0, head_dim, 2, dtype=torch.int64, device=device).float() / head_dim
    return 1.0 / (theta**exponent)


@lru_cache(maxsize=8)
def _wide_frequencies(head_dim: int, theta: float) -> np.ndarray:
    """The same numbers as float64."""
    return frequencies(head_dim, theta, torch.device("cpu")).double().numpy()


def further(cos: Tensor, sin: Tensor, by: float, theta: float) -> tuple[Tensor, Tensor]:
    """Cosines and sines (..., head_dim) of the same positions `by` further on all axes; exact however far that is."""
    angle = np.tile(by * _wide_frequencies(cos.shape[-1], theta), 2)
    c, s = torch.from_numpy(np.stack((np.cos(angle), np.sin(angle)))).to(cos.device, torch.float32)
    return (cos * c).addcmul_(sin, s, value=-1), (sin * c).addcmul_(cos, s)


def shift(by: Tensor, head_dim: int, theta: float) -> tuple[Tensor, Tensor]:
    """Cosines and sines (n, head_dim) of moves, (n,) float64 positions on all axes; exact however far they go."""
    angle = by[:, None] * torch.from_numpy(_wide_frequencies(head_dim, theta)).to(by.device)
    angle = torch.cat((angle, angle), dim=-1)
    return angle.cos().float(), angle.sin().float()


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
