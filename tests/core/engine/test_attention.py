"""Attention over the cache, by whichever way, against the plain one written out."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from torch import Tensor

from core.assets import BUNDLED
from core.cache.cache_size import CacheSize
from core.cache.kv_cache import KVCache
from core.config import resolve
from core.engine import attention
from core.engine.attention import CacheAttention
from core.engine.engine import Engine
from core.eval.episode_stream import direct_stream
from core.model import linear
from core.model.attention import plain
from core.model.checkpoint import load
from core.model.config import ModelConfig, VisionConfig
from core.model.rotary import mrope, rotate
from core.programmes.catalogue import find
from core.programmes.football.programme import FootballEpisode

VISION = VisionConfig(1, 8, 1, 8, 8, 14, 2, 2, 3, 112, (0,), 2.0, True)
CONFIG = ModelConfig("qwen2_5_vl", 16, 16, 2, 4, 2, 16, 10, 1e-6, 1e4, (2, 3, 3), True, VISION)
CPU = torch.device("cpu")


@pytest.mark.parametrize(("tokens", "asking"), [(1, 1), (3, 3), (7, 7), (16, 16), (40, 40), (40, 2), (40, 12)])
@pytest.mark.parametrize("products", [True, False])
def test_equals_the_plain_attention(
    monkeypatch: pytest.MonkeyPatch, tokens: int, asking: int, products: bool
) -> None:  # fmt: skip
    monkeypatch.setattr(attention, "HAS_ONEDNN", products and attention.HAS_ONEDNN)
    cache = KVCache(CONFIG, CPU, torch.float32)
    cache.reserve(CacheSize(100, 100))
    before = torch.randn(3, 2, 50, 16)
    for layer in range(CONFIG.layers):
        cache.write(layer, *before)
    cache.advance(50)
    cos, sin = mrope(torch.arange(50.0, 50.0 + tokens).expand(3, -1), 16, CONFIG.mrope_section, CONFIG.rope_theta)
    q = torch.randn(1, 4, asking, 16)
    k = torch.randn(1, 2, tokens, 16)
    v = torch.randn(1, 2, tokens, 16)
    attended = CacheAttention(cache, cos, sin)(1, q, k, v)
    keys = torch.cat((before[1], rotate(k[0], cos, sin)), 1)[None]
    values = torch.cat((before[2], v[0]), 1)[None]
    expected = plain(rotate(q, cos[-asking:], sin[-asking:]), keys, values, causal=True)
    torch.testing.assert_close(attended, expected, atol=2e-6, rtol=1e-5)


def test_no_shape_comes_late(monkeypatch: pytest.MonkeyPatch) -> None:
    """After hours time stamps are longer: more tokens a turn, and more entries."""
    seen: set[tuple[int, torch.Size, tuple[int, ...]]] = set()

    def noted(x: Tensor, weight: Tensor, bias: Tensor | None = None, pads: bool = True) -> Tensor:
        rows = linear.padded(x.shape[:-1].numel()) if pads else x.shape[:-1].numel()
        seen.add((rows, weight.shape, () if weight.is_mkldnn else weight.stride()))
        return product(x, weight, bias, pads)

    product = linear.product
    monkeypatch.setattr(linear, "product", noted)
    monkeypatch.setattr(attention, "product", noted)
    engine = Engine(load(BUNDLED, CPU, torch.float32), resolve({"context": FootballEpisode(3).context}), CPU)
    chunks = list(direct_stream(find("football"), 3, 60, 2.0, True).chunks)
    for chunk in chunks[:40]:
        list(engine.step(chunk))
    early = set(seen)
    for chunk in chunks[40:]:
        list(engine.step(replace(chunk, start=chunk.start + 10_000, end=chunk.end + 10_000)))
    assert seen == early
