"""The cache's buffers: compaction, rotation against its plain twin, growth."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cache.kv_cache import KVCache
from core.model.config import ModelConfig, VisionConfig
from core.model.rotary import rotate

VISION = VisionConfig(1, 8, 1, 8, 8, 14, 2, 2, 3, 112, (0,), 2.0, True)
CONFIG = ModelConfig("qwen2_5_vl", 16, 16, 2, 2, 1, 8, 10, 1e-6, 1e4, (1, 1, 2), True, VISION)


def filled(tokens: int) -> KVCache:
    """A cache whose entry n holds the number n everywhere."""
    cache = KVCache(CONFIG, torch.device("cpu"), torch.float32)
    cache.reserve(tokens)
    entries = torch.arange(float(tokens))[None, :, None].expand(1, tokens, 8)
    for layer in range(CONFIG.layers):
        cache.write(layer, 0, entries, entries, entries)
    cache.advance(tokens)
    return cache


@given(st.lists(st.lists(st.integers(0, 40), min_size=2, max_size=10, unique=True), min_size=1, max_size=4))
def test_compaction_keeps_the_slices_in_order(evictions: list[list[int]]) -> None:
    """Over several evictions, with new tokens in between."""
    cache, kept, fresh = filled(40), list(range(40)), 40
    for drawn in evictions:
        marks = sorted(min(mark, len(kept)) for mark in drawn)[: len(drawn) // 2 * 2]
        slices = [(a, b) for a, b in zip(marks[::2], marks[1::2], strict=True) if a < b]
        kept = [kept[n] for a, b in slices for n in range(a, b)]
        front = min(drawn[0], len(kept))
        cache.compact(slices, front)
        assert cache.length == len(kept)
        assert sorted(cache.places[:front]) == list(range(front))
        _check(cache, kept)
        new = torch.arange(float(fresh), fresh + 3)[None, :, None].expand(1, 3, 8)
        for layer in range(CONFIG.layers):
            cache.write(layer, cache.length, new, new, new)
        cache.advance(3)
        kept, fresh = [*kept, fresh, fresh + 1, fresh + 2], fresh + 3
        _check(cache, kept)


def _check(cache: KVCache, kept: list[int]) -> None:
    entries = cache.tokens(0, cache.length)
    assert entries.keys[1, 0, :, 0].tolist() == kept
    assert entries.rotated[1, 0, :, 7].tolist() == kept
    assert entries.values[0, 0, :, 3].tolist() == kept


def test_the_front_cannot_be_cut_off_behind_tokens_that_lie_elsewhere() -> None:
    cache = filled(10)
    cache.compact([(0, 2), (3, 10)])
    cache.truncate(2)
    cache = filled(10)
    cache.compact([(0, 2), (3, 10)])
    with pytest.raises(AssertionError, match="lie in entries behind"):
        cache.truncate(5)


@settings(deadline=None)
@given(st.sets(st.integers(0, 29)))
def test_tokens_are_turned_wherever_they_lie(turned: set[int]) -> None:
    cache = filled(40)
    cache.compact([(0, 5), (12, 37)])
    tokens = cache.as_they_lie(np.array(sorted(turned), int))
    assert (np.diff(cache.places[tokens]) > 0).all()
    before = cache.tokens(0, 30)
    angle = torch.rand(len(tokens), 4).repeat(1, 2)
    cache.turn(tokens, angle.cos(), angle.sin())
    after = cache.tokens(0, 30)
    expected = before.rotated.clone()
    expected[:, :, tokens] = rotate(before.keys[:, :, tokens], angle.cos(), angle.sin())
    torch.testing.assert_close(after.rotated, expected)
    assert torch.equal(after.keys, before.keys)


def test_growing_keeps_what_is_there_and_room_costs_nothing() -> None:
    cache = filled(40)
    held, taken = cache.capacity, cache.allocated_bytes
    cache.reserve(held)
    assert cache.allocated_bytes == taken
    cache.reserve(held + 1)
    assert cache.capacity > held
    assert cache.keys[0, 0, :40, 0].tolist() == list(range(40))


def test_what_was_cut_off_can_be_put_back() -> None:
    cache = filled(10)
    tail = cache.tokens(6, 10)
    cache.truncate(4)
    cache.extend(tail)
    _check(cache, [0, 1, 2, 3, 6, 7, 8, 9])


def test_shrinking_keeps_what_is_in_use_and_frees_the_rest() -> None:
    cache = filled(700)
    taken = cache.allocated_bytes
    cache.truncate(300)
    assert cache.shrink(10)
    assert cache.capacity == 512
    assert cache.allocated_bytes == taken * 512 // 768
    assert cache.keys[0, 0, :300, 0].tolist() == list(range(300))
    assert not cache.shrink(400)
