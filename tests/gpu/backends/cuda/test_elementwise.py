"""What happens between the products of many tokens, against torch in float32."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from core.model.fp8 import Fp8Linear, rounded
from core.model.rotary import rotate
from tests.gpu.tensors import BF16, near, random

pytestmark = pytest.mark.gpu
FP8 = 2**-3


def normed(x: torch.Tensor, norm_weight: torch.Tensor) -> torch.Tensor:
    return F.rms_norm(x.float(), (x.shape[-1],), eps=1e-6) * norm_weight.float()


@pytest.mark.parametrize("fp8", [False, True])
def test_what_happens_between_products(fp8: bool) -> None:
    from core.engine.backends.cuda import elementwise
    from core.engine.backends.cuda.elementwise import Activations, LinearOutput
    from core.engine.backends.cuda.weights import LinearWeight

    tokens = 37
    hidden = 768
    inner = 900
    x = random(tokens, hidden)
    norm_weight = random(hidden)
    scale = torch.rand(tokens, device="cuda") if fp8 else None

    def product(columns: int) -> tuple[LinearOutput, torch.Tensor]:
        matrix = LinearWeight(random(columns, 16), torch.rand(columns, device="cuda") if fp8 else None, None)
        given = LinearOutput(random(tokens, columns), scale, matrix)
        return given, given.plain().float()

    delta, plain = product(hidden)
    out = Activations.empty(x, hidden, fp8)
    total = x.float() + plain
    elementwise.add_rms_norm(x, delta, norm_weight, 1e-6, out)
    assert near(x, total)
    assert near(read(out), normed(x, norm_weight), FP8 if fp8 else BF16)
    both, plain = product(2 * inner)
    out = Activations.empty(x, inner, fp8)
    elementwise.silu_mul(both, out)
    assert near(read(out), F.silu(plain[:, :inner]) * plain[:, inner:], FP8 if fp8 else BF16)


def read(numbers: object) -> torch.Tensor:
    values = numbers.values
    scale = numbers.scale  # type: ignore[attr-defined]
    return values.float() if scale is None else values.float() * scale[:, None]


@pytest.mark.parametrize("apply_scales", [False, True])
def test_many_products_with_fp8(apply_scales: bool) -> None:
    from core.engine.backends.cuda.elementwise import Activations, linear
    from core.engine.backends.cuda.weights import LinearWeight

    loaded = torch.nn.Linear(512, 256, device="cuda", dtype=torch.bfloat16)
    reference = Fp8Linear(loaded, torch.device("cuda"))
    x = random(37, 512)
    values, scale = rounded(x)
    product = linear(Activations(values, scale), LinearWeight.of(reference), apply_scales)
    assert near(product.plain(), reference(x))
    assert (product.scale is None) == apply_scales


@pytest.mark.parametrize("scaled", [False, True])
@pytest.mark.parametrize("has_bias", [True, False])
@pytest.mark.parametrize("queries", [13, 3])
def test_many_tokens_get_their_places(queries: int, has_bias: bool, scaled: bool) -> None:
    from core.engine.backends.cuda import elementwise
    from core.engine.backends.cuda.elementwise import Activations, LinearOutput, linear
    from core.engine.backends.cuda.weights import LinearWeight

    heads = 4
    kv_heads = 2
    dim = 64
    tokens = 13
    width = (heads + 2 * kv_heads) * dim
    scales = torch.rand(width, device="cuda") if scaled else None
    matrix = LinearWeight(random(width, 256) * 0.1, scales, random(width) if has_bias else None)
    if scaled:
        qkv = LinearOutput(random(tokens + 2, width), torch.rand(tokens + 2, device="cuda"), matrix)
    else:
        qkv = linear(Activations(random(tokens + 2, 256)), matrix)  # the last two are not real
    cos = random(tokens + 2, dim // 2).repeat(1, 2)
    sin = random(tokens + 2, dim // 2).repeat(1, 2)
    slots = torch.tensor([-1, 3, 4] + [-1] * 10 + [7, 8], dtype=torch.int32, device="cuda")
    keys, rotated, values = torch.zeros(3, kv_heads, 40, dim, device="cuda", dtype=torch.bfloat16)
    q = random(heads, 64, dim)
    state = torch.tensor([11, tokens], dtype=torch.int32, device="cuda")
    elementwise.rope_append(qkv, cos, sin, slots, state, queries if queries < tokens else 0, q, keys, rotated, values)
    plain = qkv.plain()[:tokens].to(torch.bfloat16).view(tokens, -1, dim).transpose(0, 1)
    turned = rotate(plain.float(), cos[:tokens].float(), sin[:tokens].float())
    assert near(q[:, :queries], turned[:heads, -queries:])
    assert near(rotated[:, 11:24], turned[heads:-kv_heads])
    assert near(values[:, 11:24], plain[-kv_heads:])
    assert near(keys[:, 3:5], plain[heads:-kv_heads, 1:3])
    assert not rotated[:, 24:].any()
    assert not values[:, 24:].any()
    assert not keys[:, 5:].any()
    assert not keys[:, :3].any()
