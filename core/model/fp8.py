"""Matrices rounded to fp8 (e4m3), a scale for each row: half the memory, and half the bytes that a token must read."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn import functional as F

from core.model.linear import linears_of

FP8 = torch.float8_e4m3fn
MOST = 448.0
LEAST_SCALE = 1e-12


def rounded(x: Tensor) -> tuple[Tensor, Tensor]:
    """(rows, n) as fp8, and the scale of each row (rows,) float32: x is about values * scale[:, None]."""
    scale = (x.abs().amax(-1).float() / MOST).clamp(min=LEAST_SCALE)
    return (x.float() / scale[:, None]).to(FP8), scale


class Fp8Linear(nn.Module):
    """An `nn.Linear` with its weight in fp8: the plain way, which the GPU's own kernels are held against.

    Attributes:
        weight: (out, in) fp8. scale: (out,) float32. bias: (out,) or None, as it was.
    """

    def __init__(self, plain: nn.Linear, device: torch.device) -> None:
        super().__init__()
        weight, scale = rounded(plain.weight.to(device))
        self.weight, self.scale = nn.Parameter(weight, requires_grad=False), nn.Parameter(scale, requires_grad=False)
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


def round_matrices(decoder: nn.Module, device: torch.device) -> None:
    """Put an `Fp8Linear` on `device` in the place of every linear layer, one after the other."""
    for parent, name, linear in linears_of(decoder):
        setattr(parent, name, Fp8Linear(linear, device))
