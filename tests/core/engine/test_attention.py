"""Attention over the cache, by whichever way, against the plain one written out."""

from __future__ import annotations

import pytest
import torch

from core.cache.kv_cache import KVCache
from core.engine import attention
from core.engine.attention import CacheAttention
from core.model.attention import plain
from core.model.config import ModelConfig, VisionConfig
from core.model.rotary import mrope, rotate

VISION = VisionConfig(1, 8, 1, 8, 8, 14, 2, 2, 3, 112, (0,), 2.0, True)
CONFIG = ModelConfig("qwen2_5_vl", 16, 16, 2, 4, 2, 16, 10, 1e-6, 1e4, (2, 3, 3), True, VISION)
CPU = torch.device("cpu")


@pytest.mark.parametrize(("tokens", "asking"), [(1, 1), (3, 3), (40, 40), (40, 2)])
@pytest.mark.parametrize("products", [True, False])
def test_equals_the_plain_attention(
    monkeypatch: pytest.MonkeyPatch, tokens: int, asking: int, products: bool
) -> None:  # fmt: skip
    monkeypatch.setattr(attention, "HAS_ONEDNN", products and attention.HAS_ONEDNN)
    cache = KVCache(CONFIG, CPU, torch.float32)
    cache.reserve(100)
    before = torch.randn(3, 2, 50, 16)
    for layer in range(CONFIG.layers):
        cache.write(layer, 0, *before)
    cache.advance(50)
    cos, sin = mrope(torch.arange(50.0, 50.0 + tokens).expand(3, -1), 16, CONFIG.mrope_section, CONFIG.rope_theta)
    q, k, v = torch.randn(1, 4, asking, 16), torch.randn(1, 2, tokens, 16), torch.randn(1, 2, tokens, 16)
    attended = CacheAttention(cache, cos, sin)(1, q, k, v)
    keys = torch.cat((before[1], rotate(k[0], cos, sin)), 1)[None]
    values = torch.cat((before[2], v[0]), 1)[None]
    expected = plain(rotate(q, cos[-asking:], sin[-asking:]), keys, values, causal=True)
    torch.testing.assert_close(attended, expected, atol=2e-6, rtol=1e-5)
