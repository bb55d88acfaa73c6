"""Every attention of a GPU over the cache against the plain one written out, in float32."""

from __future__ import annotations

import importlib.util

import pytest
import torch

from core.engine.backends.attention import DecodeAttention
from core.engine.backends.select import select_gpu_attention
from core.model.attention import plain
from tests.gpu.tensors import BF16, near, random

pytestmark = pytest.mark.gpu
NEEDS = {"triton": "triton", "flash": "flash_attn", "sdpa": "torch"}
HEADS = ((28, 4, 128), (4, 2, 64))


@pytest.fixture(params=list(NEEDS))
def attention(request: pytest.FixtureRequest) -> DecodeAttention:
    package = NEEDS[request.param]
    if importlib.util.find_spec(package) is None:
        pytest.skip(f"{package} is not installed")
    return select_gpu_attention(request.param, torch.device("cuda"), torch.bfloat16)


@pytest.mark.parametrize(("heads", "kv_heads", "dim"), HEADS)
@pytest.mark.parametrize(("queries", "stop"), [(1, 1), (24, 24), (13, 700), (741, 5001), (8, 5000), (2, 257)])
def test_many_queries(attention: DecodeAttention, queries: int, stop: int, heads: int, kv_heads: int, dim: int) -> None:
    torch.manual_seed(0)
    q = random(heads, queries, dim)
    keys = random(kv_heads, 5120, dim)
    values = random(kv_heads, 5120, dim)
    with torch.inference_mode():
        got = attention.attend(q, keys, values, stop)
    wanted = plain(q.float(), keys[:, :stop].float(), values[:, :stop].float(), causal=True)
    assert got.shape == q.shape
    assert near(got, wanted)


@pytest.mark.parametrize(("heads", "kv_heads", "dim"), HEADS)
def test_one_query_in_a_graph(attention: DecodeAttention, heads: int, kv_heads: int, dim: int) -> None:
    """Recorded once, replayed for other numbers of entries."""
    from core.engine.backends.cuda.graph import capture

    torch.manual_seed(0)
    q = random(heads, dim)
    keys = random(kv_heads, 5120, dim)
    values = random(kv_heads, 5120, dim)
    newest = torch.zeros(1, dtype=torch.int32, device="cuda")
    out = random(heads, dim)
    with torch.inference_mode():
        graph, _ = capture(lambda: attention.decode(q, keys, values, newest, out))
        for entry in (0, 40, 4321, 5119):
            newest.fill_(entry)
            graph.replay()
            seen = (t[None, :, : entry + 1].float() for t in (keys, values))
            wanted = plain(q[None, :, None].float(), *seen, causal=True)[0, :, 0]
            assert near(out, wanted, 2 * BF16)
