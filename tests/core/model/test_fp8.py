"""Matrices rounded to fp8: near what was loaded, and a checkpoint that holds nothing else afterwards."""

from __future__ import annotations

import torch
from torch import nn

from core.assets import BUNDLED
from core.model.checkpoint import load
from core.model.fp8 import FP8, Fp8Linear, rounded

CPU = torch.device("cpu")


def test_each_row_is_rounded_by_its_own_scale():
    torch.manual_seed(0)
    x = torch.randn(7, 300) * torch.logspace(-4, 4, 7)[:, None]
    values, scale = rounded(x)
    assert values.dtype == FP8
    apart = (values.float() * scale[:, None] - x).abs()
    assert (
        apart <= x.abs() * 2**-4 + x.abs().amax(1, keepdim=True) * 2**-17
    ).all()  # e4m3: three bits behind the first


def test_a_row_of_zeros_stays_one():
    values, scale = rounded(torch.zeros(2, 8))
    assert not values.float().any()
    assert scale.isfinite().all()


def test_one_token_is_multiplied_as_it_is_and_many_are_rounded():
    torch.manual_seed(0)
    plain = nn.Linear(64, 32)
    layer = Fp8Linear(plain, CPU)
    x = torch.randn(5, 64)
    weight = layer.weight.float() * layer.scale[:, None]
    torch.testing.assert_close(layer(x[:1]), nn.functional.linear(x[:1], weight, plain.bias))
    values, scale = rounded(x)
    torch.testing.assert_close(layer(x), nn.functional.linear(values.float() * scale[:, None], weight, plain.bias))
    assert (layer(x) - plain(x)).abs().mean() < 0.05 * plain(x).abs().mean()


def test_a_checkpoint_with_fp8_keeps_no_other_decoder_matrix():
    whole = load(BUNDLED, CPU, torch.bfloat16).model
    model = load(BUNDLED, CPU, torch.bfloat16, fp8=True).model
    assert not [m for m in model.decoder.modules() if isinstance(m, nn.Linear)]
    assert model.decoder.embed.weight.dtype == torch.bfloat16
    assert all(isinstance(m, Fp8Linear) for block in model.vision.blocks for m in (block.qkv, block.up, block.down))
    matrices = sum(p.nbytes for n, p in whole.decoder.named_parameters() if p.dim() == 2 and "embed" not in n)
    lost = sum(p.nbytes for p in whole.decoder.parameters()) - sum(p.nbytes for p in model.decoder.parameters())
    assert lost > 0.4 * matrices - whole.decoder.embed.weight.nbytes  # the tied head has its own copy now
