"""Matrices rounded to fp8 (e4m3), a scale for each row: half the memory, and half the bytes that a token must read.

A product of many rows is twice as quick, too, once its other side is rounded as well.
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.model.layers import linear_layers
from core.model.qwen2_5_vl.decoder import Decoder
from core.model.qwen2_5_vl.vision import VisionTower

FP8 = torch.float8_e4m3fn
FP8_LIMIT = 448.0
MIN_SCALE = 1e-12


def rounded(x: Tensor) -> tuple[Tensor, Tensor]:
    """(rows, n) as fp8, and the scale of each row (rows,) float32: x is about values * scale[:, None]."""
    scale = (x.abs().amax(-1).float() / FP8_LIMIT).clamp(min=MIN_SCALE)
    return (x.float() / scale[:, None]).to(FP8), scale


class Fp8Linear(nn.Module):
    """An `nn.Linear` with its weight in fp8: the plain way, which the GPU's own kernels are held against.

    Attributes:
        weight: (out, in) fp8. scale: (out,) float32. bias: (out,) or None, as it was.
    """

    def __init__(self, plain: nn.Linear, device: torch.device) -> None:
        super().__init__()
        weight, scale = rounded(plain.weight.to(device))
        self.weight = nn.Parameter(weight, requires_grad=False)
        self.scale = nn.Parameter(scale, requires_grad=False)
        self.bias = plain.bias

    def forward(self, x: Tensor) -> Tensor:
        """(..., in) -> (..., out). One token is read as it is; many are rounded, too, each with a scale of its own."""
        rows = x.flatten(0, -2)
        if len(rows) > 1:
            values, scale = rounded(rows)
            rows = values.float() * scale[:, None]
        bias = None if self.bias is None else self.bias.float()
        product = F.linear(rows.float(), self.weight.float() * self.scale[:, None], bias)
        return product.to(x.dtype).unflatten(0, x.shape[:-1])


def round_matrices(decoder: Decoder, tower: VisionTower, device: torch.device) -> None:
    """Put an `Fp8Linear` on `device` in the place of the decoder's linear layers and of the large ones of the tower."""
    blocks = tower.blocks if tower.config.gated else ()  # of the others no kernel of ours reads fp8
    large = [(block, name, getattr(block, name)) for block in blocks for name in ("qkv", "up", "down")]
    for parent, name, linear in (*linear_layers(decoder), *large):
        setattr(parent, name, Fp8Linear(linear, device))
