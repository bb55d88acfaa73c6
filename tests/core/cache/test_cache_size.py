"""How large a cache is, of spans and at most."""

from __future__ import annotations

import pytest

from core.cache.cache_size import BLOCK, MARKUP_TOKENS, CacheSize, CacheSizes
from core.config import CacheConfig, Mode, SamplingConfig, StreamConfig
from core.prompt.ledger import Span, SpanKind


def config(mode: Mode = "streaming", text_rounds: int = 4, vision_window_s: float = 8.0) -> StreamConfig:
    cache = CacheConfig(mode, 16, 32, text_rounds, vision_window_s)
    return StreamConfig(cache=cache, sampling=SamplingConfig(max_new_tokens=10))


def test_sizes_add_up_and_come_in_blocks() -> None:
    size = CacheSize(BLOCK, 3) + CacheSize(1, 0)
    assert size.rounded_to_block() == CacheSize(2 * BLOCK, BLOCK)
    assert size | CacheSize(5, 9) == CacheSize(BLOCK + 1, 9)
    assert size.at_most(CacheSize(5, 9)) == CacheSize(5, 3)


@pytest.mark.parametrize(
    ("mode", "text_rounds", "raw"),
    [("streaming", 4, True), ("streaming", 8, False), ("recompute", 4, False), ("native", 4, False), ("full", 4, True)],
)
def test_pictures_have_raw_keys_where_they_outlive_their_words(mode: Mode, text_rounds: int, raw: bool) -> None:
    sizes = CacheSizes(config(mode, text_rounds))
    assert sizes.vision_has_raw_keys == raw
    spans = [Span(SpanKind.TIME, (1, 2, 3), 0), Span(SpanKind.VISION, (4, *(5,) * 6, 7), 0, (1, 2, 3))]
    assert sizes.spans(spans) == CacheSize(11, 11 if raw else 5)


def test_the_largest_cache_has_full_windows() -> None:
    sizes = CacheSizes(config(text_rounds=8))
    text = 16 + 32 + 9 * (MARKUP_TOKENS + 10)
    assert sizes.largest(100, 1.0) == CacheSize(text + 8 * 100, text)
    assert sizes.largest(100, 0.25) == CacheSize(text + 2 * 100, text)
