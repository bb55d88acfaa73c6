"""Attention over the cache against torch in float32."""

from __future__ import annotations

import pytest
import torch
from torch.nn import functional as F

from tests.gpu.tensors import BF16, near, random

pytestmark = pytest.mark.gpu
FP8 = 2**-3
HEADS = 28
KV_HEADS = 4
DIM = 128


@pytest.mark.parametrize(("heads", "kv_heads", "dim"), [(28, 4, 128), (4, 2, 64)])
def test_attention_of_one_token(heads: int, kv_heads: int, dim: int) -> None:
    from core.engine.backends.cuda.attention import decode_attention

    rotated = random(kv_heads, 5000, dim)
    values = random(kv_heads, 5000, dim)
    q = random(heads, dim)
    out = random(heads, dim)
    partial_out = torch.empty(heads, 33, dim, device="cuda")
    stats = torch.empty(heads, 33, 2, device="cuda")
    for length in (0, 40, 4321):
        newest = torch.tensor([length], dtype=torch.int32, device="cuda")
        decode_attention(q, rotated, values, newest, partial_out, stats, out)
        seen = (t[None, :, : length + 1].float() for t in (rotated, values))
        assert near(out, F.scaled_dot_product_attention(q[None, :, None].float(), *seen, enable_gqa=True)[0, :, 0])


@pytest.mark.parametrize("fp8", [False, True])
@pytest.mark.parametrize(
    ("queries", "n_queries", "stop", "planned"),
    [
        (1, 0, 1, False), (24, 0, 24, False), (13, 0, 700, False), (741, 0, 9001, False), (741, 0, 9001, True),
        (1, 0, 5000, False), (8, 8, 5000, False), (3, 3, 3, False),
    ],
)  # fmt: skip
def test_attention_of_many_tokens(queries: int, n_queries: int, stop: int, planned: bool, fp8: bool) -> None:
    from core.engine.backends.cuda.attention import padded_queries, prefill_attention, split_count
    from core.engine.backends.cuda.cudnn_prefix import CudnnPrefix
    from core.engine.backends.cuda.elementwise import Activations

    rotated = random(KV_HEADS, 9100, DIM)
    values = random(KV_HEADS, 9100, DIM)
    padded = random(HEADS, padded_queries(queries), DIM)
    q = padded[:, :queries]
    out = Activations.empty(random(queries, 1), HEADS * DIM, fp8)
    padded[:, queries:] = torch.nan  # never written, and never to be seen
    prefix = CudnnPrefix(q.device)
    splits = split_count(HEADS, KV_HEADS, padded.shape[1])
    if planned:
        prefix.prepare_shapes(padded.nan_to_num(), rotated, values, range(0, 9000), splits)
    prefix_per_split = prefix.tokens_per_split(padded.shape[1], 9100, stop - queries, splits)
    assert planned == (prefix_per_split > 0)
    tokens = 20 if n_queries and stop > 20 else queries
    state = torch.tensor([stop - tokens, tokens], dtype=torch.int32, device="cuda")
    prefill_attention(padded, n_queries, rotated, values, state, prefix_per_split, out)
    seen = torch.ones(queries, stop, dtype=torch.bool, device="cuda").tril(stop - queries)
    keys = rotated[None, :, :stop].float()
    vals = values[None, :, :stop].float()
    wanted = F.scaled_dot_product_attention(q[None].float(), keys, vals, attn_mask=seen, enable_gqa=True)[0]
    got = out.values.float() * (out.scale[:, None] if fp8 else 1)
    assert near(got, wanted.transpose(0, 1).reshape(queries, -1), FP8 if fp8 else BF16)
