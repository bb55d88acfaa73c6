"""The products of one token against torch in float32."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from core.model.fp8 import rounded
from core.model.rotary import rotate
from tests.gpu.tensors import BF16, near, random

pytestmark = pytest.mark.gpu


def normed(x: torch.Tensor, norm_weight: torch.Tensor) -> torch.Tensor:
    return F.rms_norm(x.float(), (x.shape[-1],), eps=1e-6) * norm_weight.float()


@pytest.mark.parametrize("fp8", [False, True])
@pytest.mark.parametrize("columns", [3584, 768])
def test_products_of_one_token(columns: int, fp8: bool) -> None:
    from core.engine.backends.cuda import gemv
    from core.engine.backends.cuda.weights import LinearWeight

    x = random(columns)
    norm_weight = random(columns)
    loaded = random(1002, columns)
    weight, scale = rounded(loaded) if fp8 else (loaded, None)
    read = weight.float() * scale[:, None] if fp8 else weight.float()
    matrix = LinearWeight(weight, scale, None)
    total = random(1002)
    wanted = total.float() + read @ x.float()
    gemv.gemv_add(x, matrix, total)
    assert near(total, wanted)
    out = random(1002)
    gemv.norm_gemv(x, norm_weight, 1e-6, matrix, out)
    assert near(out, read @ normed(x, norm_weight))
    gemv.gemv_add(x * 2**12, matrix, out)
    assert out.isfinite().all()
    gated = random(501)
    gemv.norm_gate_up(x, norm_weight, 1e-6, matrix, gated)
    both = read @ normed(x, norm_weight)
    assert near(gated, F.silu(both[:501]) * both[501:], 2 * BF16)


@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize(
    ("heads", "kv_heads", "dim", "fp8"), [(28, 4, 128, False), (4, 2, 64, False), (4, 2, 64, True)]
)
def test_a_token_enters(heads: int, kv_heads: int, dim: int, fp8: bool, has_bias: bool) -> None:
    from core.engine.backends.cuda import gemv
    from core.engine.backends.cuda.weights import LinearWeight

    x = random(512)
    norm_weight = random(512)
    rows = (heads + 2 * kv_heads) * dim
    loaded = random(rows, 512) * 0.1
    weight, scale = rounded(loaded) if fp8 else (loaded, None)
    matrix = LinearWeight(weight, scale, random(rows) if has_bias else None)
    keys, rotated, values = torch.zeros(3, kv_heads, 40, dim, device="cuda", dtype=torch.bfloat16)
    q = random(heads, dim)
    cos = random(5, dim // 2).repeat(1, 2)
    sin = random(5, dim // 2).repeat(1, 2)
    state = torch.tensor([0, 2, 7, 9], dtype=torch.int32, device="cuda")
    gemv.qkv_rope_append(x, norm_weight, 1e-6, matrix, gemv.CacheSlots(state, cos, sin, q, keys, rotated, values))
    read = weight.float() if scale is None else weight.float() * scale[:, None]
    plain = read @ normed(x, norm_weight)
    plain = (plain + matrix.bias.float() if has_bias else plain).view(-1, dim)
    turned = rotate(plain, cos[2].float(), sin[2].float())
    assert near(q, turned[:heads], 2 * BF16)
    assert near(keys[:, 9], plain[heads:-kv_heads])
    assert near(rotated[:, 7], turned[heads:-kv_heads], 2 * BF16)
    assert near(values[:, 7], plain[-kv_heads:])
    assert not keys[:, :9].any()
    assert not rotated[:, 8:].any()


def test_a_product_that_adds_no_bias_refuses_one() -> None:
    from core.engine.backends.cuda import elementwise, gemv
    from core.engine.backends.cuda.elementwise import Activations, LinearOutput
    from core.engine.backends.cuda.weights import LinearWeight

    biased = LinearWeight(random(64, 64), torch.rand(64, device="cuda"), random(64))
    x = random(64)
    with pytest.raises(ValueError, match="bias"):
        gemv.gemv_add(x, biased, x)
    with pytest.raises(ValueError, match="bias"):
        gemv.norm_gemv(x, x, 1e-6, biased, x)
    with pytest.raises(ValueError, match="bias"):
        gemv.norm_gate_up(x, x, 1e-6, biased, x)
    scaled = LinearOutput(random(3, 64), torch.rand(3, device="cuda"), biased)
    with pytest.raises(ValueError, match="bias"):
        elementwise.silu_mul(scaled, Activations.empty(random(3, 1), 32, False))
    with pytest.raises(ValueError, match="bias"):
        elementwise.add_rms_norm(random(3, 64), scaled, x, 1e-6, Activations.empty(random(3, 1), 64, False))
