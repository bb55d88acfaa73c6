"""Linear layers of a CPU against the plain ones."""

from __future__ import annotations

import pytest
import torch
from torch import nn
from torch.nn import functional as F

from core.assets import BUNDLED
from core.engine.backends import torch_private
from core.engine.backends.cpu import linear
from core.engine.backends.cpu.linear import OnednnLinear, product, use_onednn_linears
from core.model.checkpoint import Model, load


@pytest.fixture
def bundled() -> Model:
    return load(BUNDLED, torch.device("cpu"), torch.float32).model


@pytest.mark.parametrize("tokens", [1, 4, 16, 75])
@pytest.mark.parametrize("bias", [True, False])
def test_equals_the_plain_layer(tokens: int, bias: bool) -> None:
    plain = nn.Linear(96, 160, bias).requires_grad_(False)
    x = torch.randn(2, tokens, 96)
    expected = plain(x)
    for pack in {False, torch_private.has_onednn()}:
        torch.testing.assert_close(OnednnLinear(plain, pack)(x), expected, atol=2e-6, rtol=1e-5)


def test_a_product_with_a_matrix_that_lies_anyhow() -> None:
    x = torch.randn(30, 48)
    weight = torch.randn(48, 20).t()
    torch.testing.assert_close(product(x, weight), F.linear(x, weight), atol=1e-5, rtol=1e-5)


def test_a_tied_head_stays_the_embedding() -> None:
    model = nn.ModuleDict({"embed": nn.Embedding(50, 16), "head": nn.Linear(16, 50, bias=False)})
    model["head"].weight = model["embed"].weight
    model.requires_grad_(False)
    before = model["embed"].weight.clone()
    use_onednn_linears(model)
    assert isinstance(model["head"], OnednnLinear)
    assert model["head"].weight is model["embed"].weight
    assert torch.equal(model["embed"].weight, before)


def test_both_layouts_count(bundled: Model) -> None:
    once = bundled.weight_bytes
    use_onednn_linears(bundled)
    assert bundled.weight_bytes > (1.8 * once if torch_private.has_onednn() else 0.99 * once)


def test_a_model_too_large_for_two_layouts_keeps_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(linear, "MAX_PACKED_BYTES", 100)
    model = nn.Sequential(nn.Linear(16, 16)).requires_grad_(False)
    use_onednn_linears(model)
    assert model[0].packed is None
