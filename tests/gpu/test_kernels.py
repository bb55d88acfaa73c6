"""The GPU's own kernels against what torch computes in float32."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator

import pytest
import torch
from torch.nn import functional as F

from core.engine.sampler import nucleus, penalised
from core.model.fp8 import Fp8Linear, rounded
from core.model.rotary import rotate
from core.video.patches import normalise, patchify
from tests.gpu.tensors import BF16, near, random

pytestmark = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="needs a CUDA device"),
    pytest.mark.skipif(importlib.util.find_spec("triton") is None, reason="needs Triton"),
]
FP8 = 2**-3
HEADS = 28
KV_HEADS = 4
DIM = 128


@pytest.fixture(autouse=True)
def _inference() -> Iterator[None]:
    torch.manual_seed(0)
    with torch.inference_mode():
        yield


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


@pytest.mark.parametrize(
    ("heads", "kv_heads", "dim", "fp8"), [(28, 4, 128, False), (4, 2, 64, False), (4, 2, 64, True)]
)
def test_a_token_enters(heads: int, kv_heads: int, dim: int, fp8: bool) -> None:
    from core.engine.backends.cuda import gemv
    from core.engine.backends.cuda.weights import LinearWeight

    x = random(512)
    norm_weight = random(512)
    rows = (heads + 2 * kv_heads) * dim
    loaded = random(rows, 512) * 0.1
    weight, scale = rounded(loaded) if fp8 else (loaded, None)
    matrix = LinearWeight(weight, scale, random(rows))
    keys, rotated, values = torch.zeros(3, kv_heads, 40, dim, device="cuda", dtype=torch.bfloat16)
    q = random(heads, dim)
    cos = random(5, dim // 2).repeat(1, 2)
    sin = random(5, dim // 2).repeat(1, 2)
    state = torch.tensor([0, 2, 7, 9], dtype=torch.int32, device="cuda")
    gemv.qkv_rope_append(x, norm_weight, 1e-6, matrix, gemv.CacheSlots(state, cos, sin, q, keys, rotated, values))
    read = weight.float() if scale is None else weight.float() * scale[:, None]
    plain = (read @ normed(x, norm_weight) + matrix.bias.float()).view(-1, dim)
    turned = rotate(plain, cos[2].float(), sin[2].float())
    assert near(q, turned[:heads], 2 * BF16)
    assert near(keys[:, 9], plain[heads:-kv_heads])
    assert near(rotated[:, 7], turned[heads:-kv_heads], 2 * BF16)
    assert near(values[:, 7], plain[-kv_heads:])
    assert not keys[:, :9].any()
    assert not rotated[:, 8:].any()


@pytest.mark.parametrize(("heads", "kv_heads", "dim"), [(28, 4, 128), (4, 2, 64)])
def test_attention_of_one_token(heads: int, kv_heads: int, dim: int) -> None:
    from core.engine.backends.cuda.attention import decode_attention

    rotated = random(kv_heads, 5000, dim)
    values = random(kv_heads, 5000, dim)
    q = random(heads, dim)
    out = random(heads, dim)
    parts = torch.empty(heads, 33, dim, device="cuda")
    sums = torch.empty(heads, 33, 2, device="cuda")
    for length in (0, 40, 4321):
        state = torch.tensor([0, 0, length, 0], dtype=torch.int32, device="cuda")
        decode_attention(q, rotated, values, state, parts, sums, out)
        seen = (t[None, :, : length + 1].float() for t in (rotated, values))
        assert near(out, F.scaled_dot_product_attention(q[None, :, None].float(), *seen, enable_gqa=True)[0, :, 0])


@pytest.mark.parametrize("fp8", [False, True])
@pytest.mark.parametrize(
    ("asking", "last", "stop", "planned"),
    [
        (1, 0, 1, False), (24, 0, 24, False), (13, 0, 700, False), (741, 0, 9001, False), (741, 0, 9001, True),
        (1, 0, 5000, False), (8, 8, 5000, False), (3, 3, 3, False),
    ],
)  # fmt: skip
def test_attention_of_many_tokens(asking: int, last: int, stop: int, planned: bool, fp8: bool) -> None:
    from core.engine.backends.cuda.attention import padded_queries, prefill_attention, split_count
    from core.engine.backends.cuda.cudnn_prefix import CudnnPrefix
    from core.engine.backends.cuda.elementwise import Activations

    rotated = random(KV_HEADS, 9100, DIM)
    values = random(KV_HEADS, 9100, DIM)
    room = random(HEADS, padded_queries(asking), DIM)
    q = room[:, :asking]
    out = Activations.empty(random(asking, 1), HEADS * DIM, fp8)
    room[:, asking:] = torch.nan  # never written, and never to be seen
    shared = CudnnPrefix(q.device)
    parts = split_count(HEADS, KV_HEADS, room.shape[1])
    if planned:
        shared.meet(room.nan_to_num(), rotated, values, range(0, 9000), parts)
    share = shared.share(room.shape[1], 9100, stop - asking, parts)
    assert planned == (share > 0)
    tokens = 20 if last and stop > 20 else asking
    state = torch.tensor([stop - tokens, tokens], dtype=torch.int32, device="cuda")
    prefill_attention(room, last, rotated, values, state, share, out)
    seen = torch.ones(asking, stop, dtype=torch.bool, device="cuda").tril(stop - asking)
    keys = rotated[None, :, :stop].float()
    mixed = values[None, :, :stop].float()
    wanted = F.scaled_dot_product_attention(q[None].float(), keys, mixed, attn_mask=seen, enable_gqa=True)[0]
    got = out.values.float() * (out.scale[:, None] if fp8 else 1)
    assert near(got, wanted.transpose(0, 1).reshape(asking, -1), FP8 if fp8 else BF16)


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


@pytest.mark.parametrize("whole", [False, True])
def test_many_products_with_fp8(whole: bool) -> None:
    from core.engine.backends.cuda.elementwise import Activations, linear
    from core.engine.backends.cuda.weights import LinearWeight

    loaded = torch.nn.Linear(512, 256, device="cuda", dtype=torch.bfloat16)
    twin = Fp8Linear(loaded, torch.device("cuda"))
    x = random(37, 512)
    values, scale = rounded(x)
    product = linear(Activations(values, scale), LinearWeight.of(twin), whole)
    assert near(product.plain(), twin(x))
    assert (product.scale is None) == whole


@pytest.mark.parametrize("asking", [13, 3])
def test_many_tokens_get_their_places(asking: int) -> None:
    from core.engine.backends.cuda import elementwise
    from core.engine.backends.cuda.elementwise import Activations, linear
    from core.engine.backends.cuda.weights import LinearWeight

    heads = 4
    kv_heads = 2
    dim = 64
    tokens = 13
    matrix = LinearWeight(random((heads + 2 * kv_heads) * dim, 256) * 0.1, None, random((heads + 2 * kv_heads) * dim))
    qkv = linear(Activations(random(tokens + 2, 256)), matrix)  # the last two are not real
    cos = random(tokens + 2, dim // 2).repeat(1, 2)
    sin = random(tokens + 2, dim // 2).repeat(1, 2)
    slots = torch.tensor([-1, 3, 4] + [-1] * 10 + [7, 8], dtype=torch.int32, device="cuda")
    keys, rotated, values = torch.zeros(3, kv_heads, 40, dim, device="cuda", dtype=torch.bfloat16)
    q = random(heads, 64, dim)
    state = torch.tensor([11, tokens], dtype=torch.int32, device="cuda")
    elementwise.rope_append(qkv, cos, sin, slots, state, asking if asking < tokens else 0, q, keys, rotated, values)
    plain = qkv.values[:tokens].view(tokens, -1, dim).transpose(0, 1)
    turned = rotate(plain.float(), cos[:tokens].float(), sin[:tokens].float())
    assert near(q[:, :asking], turned[:heads, -asking:])
    assert near(rotated[:, 11:24], turned[heads:-kv_heads])
    assert torch.equal(values[:, 11:24], plain[-kv_heads:])
    assert torch.equal(keys[:, 3:5], plain[heads:-kv_heads, 1:3])
    assert not rotated[:, 24:].any()
    assert not values[:, 24:].any()
    assert not keys[:, 5:].any()
    assert not keys[:, :3].any()


def test_pixels_are_cut() -> None:
    from core.engine.backends.cuda import vision_kernels

    pixels = torch.randint(0, 256, (2, 140, 84, 3), device="cuda").float()
    order = torch.randperm(60, device="cuda")
    out = torch.empty(60, 1176, device="cuda")
    vision_kernels.patchify(pixels, order, 14, 2, out)
    assert near(out, normalise(patchify(pixels)[0])[order], 1e-5)


@pytest.mark.parametrize("size", [64, 16, 4])
def test_attention_inside_windows(size: int) -> None:
    from core.engine.backends.cuda import vision_kernels

    windows = 5
    heads = 16
    dim = 80
    count = windows * size
    qkv = random(count + 8, 3 * heads * dim)
    out = random(count + 8, heads * dim)
    cos = random(count + 8, dim // 2).repeat(1, 2)
    sin = random(count + 8, dim // 2).repeat(1, 2)
    vision_kernels.window_attention(qkv, cos, sin, 8, windows, size, heads, out)
    q, k, v = qkv.float().view(-1, 3, heads, dim).permute(1, 2, 0, 3)
    q = rotate(q, cos.float(), sin.float())
    k = rotate(k, cos.float(), sin.float())
    inside = (t[:, 8:].unflatten(1, (windows, size)).transpose(0, 1) for t in (q, k, v))
    wanted = F.scaled_dot_product_attention(*inside).transpose(1, 2).reshape(count, -1)
    assert near(out[8:], wanted, 2 * BF16)
    vision_kernels.rotate_qk(qkv, cos, sin, heads)
    assert near(qkv.view(-1, 3, heads, dim)[:, 0], q.transpose(0, 1))
    assert near(qkv.view(-1, 3, heads, dim)[:, 1], k.transpose(0, 1))


def test_draws_come_from_the_nucleus_as_often_as_they_should() -> None:
    from core.engine.backends.cuda.sample_top_p import TopPSampler

    logits = torch.randn(20_000, device="cuda") * 4
    likely = logits.argsort(descending=True)[:2]
    seen = [torch.zeros(20_000, dtype=torch.bool, device="cuda") for _ in range(2)]
    draw, again = (TopPSampler(known, 7) for known in seen)
    drawn = []
    for number in range(3000):
        for known in seen:
            known.zero_()
            known[likely] = True
        drawn.append(draw(logits, 0.7, 0.8, 1.3))
        assert number >= 50 or drawn[-1] == again(logits, 0.7, 0.8, 1.3)
        assert seen[0][drawn[-1]]
    probabilities = nucleus((penalised(logits, seen[1], 1.3) / 0.7).softmax(-1), 0.8)
    probabilities /= probabilities.sum()
    assert all(float(probabilities[token]) > 0 for token in drawn if token is not None)
    for token in probabilities.argsort(descending=True)[:3].tolist():
        share = float(probabilities[token])
        assert abs(drawn.count(token) / len(drawn) - share) < 4 * (share / len(drawn)) ** 0.5 + 1e-3
