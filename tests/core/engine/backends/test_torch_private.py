"""What torch does not promise to keep, against the fallbacks made of what it does."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import torch
from torch.nn import functional as F

from core.engine.backends import torch_private
from core.model.fp8 import rounded


@pytest.mark.parametrize("bias", [None, torch.randn(24)])
@pytest.mark.parametrize("packed", [False, True])
def test_onednn_and_its_fallback(monkeypatch: pytest.MonkeyPatch, packed: bool, bias: torch.Tensor | None) -> None:
    if not torch_private.has_onednn():
        pytest.skip("this build of torch has no oneDNN")
    x = torch.randn(5, 48)
    weight = torch.randn(24, 48)
    laid_out = torch_private.pack_for_onednn(weight) if packed else weight
    assert laid_out is not None
    private = torch_private.onednn_linear(x, laid_out, bias)
    monkeypatch.setattr(torch_private, "has_onednn", lambda: False)
    assert torch_private.pack_for_onednn(weight) is None
    fallback = torch_private.onednn_linear(x, weight, bias)
    torch.testing.assert_close(private, fallback, atol=1e-5, rtol=1e-5)


@pytest.mark.parametrize("by_row", [False, True])
@pytest.mark.parametrize("has_bias", [False, True])
def test_a_product_in_fp8_and_its_fallback(monkeypatch: pytest.MonkeyPatch, by_row: bool, has_bias: bool) -> None:
    x, x_scale = rounded(torch.randn(32, 64))
    weight, weight_scale = rounded(torch.randn(48, 64))
    one = torch.ones(())
    scales = (x_scale[:, None], weight_scale[None]) if by_row else (one, one)
    bias = torch.randn(48, dtype=torch.bfloat16) if has_bias else None
    private = torch_private.scaled_mm(x, weight, *scales, bias)
    monkeypatch.delattr(torch, "_scaled_mm")
    fallback = torch_private.scaled_mm(x, weight, *scales, bias)
    assert private.dtype == fallback.dtype == torch.bfloat16
    torch.testing.assert_close(private, fallback, atol=2e-2, rtol=2e-2)


def test_attention_with_its_sums() -> None:
    q = torch.randn(2, 3, 10, 16)
    keys = torch.randn(2, 3, 40, 16)
    values = torch.randn(2, 3, 40, 16)
    attended, lse = torch_private.attention_with_lse(q, keys, values)  # the fallback: cuDNN is on a GPU
    torch.testing.assert_close(attended, F.scaled_dot_product_attention(q, keys, values))
    scores = q @ keys.transpose(-1, -2) / 4
    torch.testing.assert_close(lse.flatten(), scores.logsumexp(-1).flatten())


@pytest.mark.parametrize("private", [True, False])
def test_many_tensors_at_once_and_the_fallback(monkeypatch: pytest.MonkeyPatch, private: bool) -> None:
    if not private:
        monkeypatch.delattr(torch, "_foreach_copy_")
        monkeypatch.delattr(torch, "_foreach_lerp_")
    sources = [torch.randn(3), torch.randn(2, 2)]
    targets = [torch.zeros_like(source, dtype=torch.bfloat16) for source in sources]
    torch_private.copy_each(targets, sources)
    assert all(torch.equal(target, source.bfloat16()) for target, source in zip(targets, sources, strict=True))
    mixed = [torch.zeros_like(source) for source in sources]
    torch_private.lerp_each(mixed, sources, 0.25)
    torch.testing.assert_close(mixed, [0.25 * source for source in sources])


def test_nothing_else_calls_what_is_not_promised(checkout: Path) -> None:
    elsewhere = [
        f"{path.relative_to(checkout)}: {call}"
        for folder in ("core", "app")
        for path in (checkout / folder).rglob("*.py")
        for call in re.findall(r"\btorch\.(?:ops\.\w+|_(?!_)\w+)", path.read_text("utf-8"))
        if path.name != "torch_private.py"
    ]
    assert not elsewhere
