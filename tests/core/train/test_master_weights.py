"""fp32 master weights behind bf16 ones: against plain AdamW, and going on exactly."""

from __future__ import annotations

import copy

import torch
from torch import nn

from core.train.master_weights import MasterWeights


def model(dtype: torch.dtype) -> nn.Module:
    torch.manual_seed(0)
    return nn.Sequential(nn.Linear(4, 8), nn.LayerNorm(8), nn.Linear(8, 2)).to(dtype)


def backward(made: nn.Module, seed: int) -> None:
    dtype = next(made.parameters()).dtype
    x = torch.randn(5, 4, generator=torch.Generator().manual_seed(seed)).to(dtype)
    made(x).float().square().mean().backward()


def test_in_fp32_it_is_adamw_with_clipping() -> None:
    ours, plain = model(torch.float32), model(torch.float32)
    master = MasterWeights(ours, weight_decay=0.1, clip=0.5)
    matrices = [p for p in plain.parameters() if p.ndim >= 2]
    vectors = [p for p in plain.parameters() if p.ndim < 2]
    groups = [{"params": matrices, "weight_decay": 0.1}, {"params": vectors, "weight_decay": 0.0}]
    optimiser = torch.optim.AdamW(groups, lr=1e-2, betas=(0.9, 0.95))
    for step in range(5):
        backward(ours, step)
        backward(plain, step)
        norm = nn.utils.clip_grad_norm_(plain.parameters(), 0.5)
        optimiser.step()
        optimiser.zero_grad()
        torch.testing.assert_close(master.step(1e-2, 0.9), norm)
    torch.testing.assert_close(list(ours.parameters()), list(plain.parameters()))


def test_steps_too_small_for_bf16_add_up() -> None:
    made = model(torch.bfloat16)
    master = MasterWeights(made, weight_decay=0.0, clip=1.0)
    before = [w.clone() for w in master.weights]
    for step in range(3):
        backward(made, step)
        master.step(1e-6, 0.9)
    assert all(((now - then).abs() > 0).any() for now, then in zip(master.weights, before, strict=True))
    rounded = [w.bfloat16() for w in master.weights]
    torch.testing.assert_close([p.detach() for p in made.parameters()], rounded, atol=0, rtol=0)


def test_a_run_goes_on_exactly() -> None:
    one, other = model(torch.bfloat16), model(torch.bfloat16)
    first, second = (MasterWeights(made, 0.1, 1.0) for made in (one, other))
    backward(one, 0)
    first.step(1e-2, 0.9)
    second.load(copy.deepcopy(first.state()))  # as from a file
    for made, master in ((one, first), (other, second)):
        backward(made, 1)
        master.step(1e-2, 0.9)
    torch.testing.assert_close(second.weights, first.weights, atol=0, rtol=0)
    torch.testing.assert_close(second.averaged(), first.averaged(), atol=0, rtol=0)
