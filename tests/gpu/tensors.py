"""Random tensors on the GPU, and how near one must be to another."""

from __future__ import annotations

import torch

BF16 = 2**-7  # relative, of a sum rounded to bf16 after a few roundings


def near(got: torch.Tensor, wanted: torch.Tensor, tolerance: float = BF16) -> bool:
    wanted = wanted.float()
    return float((got.float() - wanted).abs().max()) <= tolerance * float(wanted.abs().max())


def random(*shape: int) -> torch.Tensor:
    return torch.randn(shape, device="cuda", dtype=torch.bfloat16)
