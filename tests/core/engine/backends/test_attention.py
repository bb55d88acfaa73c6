"""Every attention that runs on a CPU, over the cache, against the plain one written out."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from core.cache.cache_size import CacheSize
from core.cache.kv_cache import KVCache
from core.engine.backends import torch_private
from core.engine.backends.attention import Attention
from core.engine.backends.cache_attention import CacheAttention
from core.engine.backends.cpu.attention import OnednnAttention
from core.engine.backends.sdpa import SdpaAttention
from core.model.attention import plain
from core.model.config import ModelConfig, VisionConfig
from core.model.rotary import mrope, rotate

VISION = VisionConfig(1, 8, 1, 8, 8, 14, 2, 2, 3, 112, (0,), 2.0, True)
CONFIG = ModelConfig("qwen2_5_vl", 16, 16, 2, 4, 2, 16, 10, 1e-6, 1e4, (2, 3, 3), True, VISION)
CPU = torch.device("cpu")
IMPLEMENTATIONS = (SdpaAttention, OnednnAttention)
LENGTHS = ((1, 1), (3, 3), (7, 7), (16, 16), (40, 40), (40, 2), (40, 12))


@pytest.mark.parametrize(("tokens", "queries"), LENGTHS)
@pytest.mark.parametrize("implementation", IMPLEMENTATIONS)
def test_equals_the_plain_attention(implementation: type[Attention], tokens: int, queries: int) -> None:
    check(implementation(), tokens, queries)


@pytest.mark.parametrize(("tokens", "queries"), LENGTHS)
def test_equals_the_plain_attention_without_onednn(monkeypatch: pytest.MonkeyPatch, tokens: int, queries: int) -> None:
    monkeypatch.setattr(torch_private, "has_onednn", lambda: False)
    check(OnednnAttention(), tokens, queries)


def check(attention: Attention, tokens: int, queries: int) -> None:
    """Two layers, so that what is remembered for the next one is used; then another number of queries."""
    cache = KVCache(CONFIG, CPU, torch.float32)
    cache.reserve(CacheSize(100, 100))
    before = torch.randn(3, 2, 50, 16)
    for layer in range(CONFIG.layers):
        cache.write(layer, *before)
    cache.advance(50)
    cos, sin = mrope(torch.arange(50.0, 50.0 + tokens).expand(3, -1), 16, CONFIG.mrope_section, CONFIG.rope_theta)
    over_cache = CacheAttention(attention, cache, cos, sin)
    for layer in range(CONFIG.layers):
        for last in (queries, max(1, queries - 1)):
            q = torch.randn(1, 4, last, 16)
            k = torch.randn(1, 2, tokens, 16)
            v = torch.randn(1, 2, tokens, 16)
            attended = over_cache(layer, q, k, v)
            keys = torch.cat((before[1], rotate(k[0], cos, sin)), 1)[None]
            values = torch.cat((before[2], v[0]), 1)[None]
            expected = plain(rotate(q, cos[-last:], sin[-last:]), keys, values, causal=True)
            torch.testing.assert_close(attended, expected, atol=2e-6, rtol=1e-5)


@pytest.mark.parametrize("newest", [0, 40, 99])
def test_one_token_of_a_graph_sees_what_is_in_use(newest: int) -> None:
    q = torch.randn(4, 16)
    keys: Tensor = torch.randn(2, 100, 16)
    values = torch.randn(2, 100, 16)
    out = torch.empty(4, 16)
    SdpaAttention().decode(q, keys, values, torch.tensor([newest], dtype=torch.int32), out)
    seen = (t[None, :, : newest + 1] for t in (keys, values))
    expected = plain(q[None, :, None], *seen, causal=True)[0, :, 0]
    torch.testing.assert_close(out, expected, atol=2e-6, rtol=1e-5)
