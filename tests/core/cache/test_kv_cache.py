"""The cache's buffers: compaction, rotation against its plain twin, growth."""

from __future__ import annotations

from collections.abc import Set

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from core.cache.cache_size import CacheSize
from core.cache.kv_cache import KVCache
from core.model.config import ModelConfig, VisionConfig
from core.model.rotary import rotate

VISION = VisionConfig(1, 8, 1, 8, 8, 14, 2, 2, 3, 112, (0,), 2.0, True)
CONFIG = ModelConfig("qwen2_5_vl", 16, 16, 2, 2, 1, 8, 10, 1e-6, 1e4, (1, 1, 2), True, VISION)


def filled(tokens: int, pictures: Set[int] = frozenset()) -> KVCache:
    """A cache whose token n holds the number n everywhere; `pictures` have no raw key."""
    cache = KVCache(CONFIG, torch.device("cpu"), torch.float32)
    cache.reserve(CacheSize(tokens, tokens))
    write(cache, range(tokens), pictures)
    return cache


def write(cache: KVCache, numbers: range, pictures: Set[int] = frozenset()) -> None:
    """Write tokens with these numbers behind those there."""
    new = torch.tensor([float(n) for n in numbers])[None, :, None].expand(1, -1, 8)
    raw_key_tokens = np.flatnonzero([n not in pictures for n in numbers]) if pictures else None
    for layer in range(CONFIG.layers):
        cache.write(layer, new, new, new, None if raw_key_tokens is None else torch.from_numpy(raw_key_tokens))
    cache.advance(len(numbers), raw_key_tokens)


@given(
    st.lists(st.lists(st.integers(0, 40), min_size=2, max_size=10, unique=True), min_size=1, max_size=4),
    st.frozensets(st.integers(0, 52)),
)
def test_compaction_keeps_the_slices_in_order(evictions: list[list[int]], pictures: frozenset[int]) -> None:
    """Over several evictions, with new tokens in between, text alone or pictures among it."""
    cache = filled(40, pictures)
    kept = list(range(40))
    fresh = 40
    for drawn in evictions:
        marks = sorted(min(mark, len(kept)) for mark in drawn)[: len(drawn) // 2 * 2]
        slices = [(a, b) for a, b in zip(marks[::2], marks[1::2], strict=True) if a < b]
        kept = [kept[n] for a, b in slices for n in range(a, b)]
        text = next((n for n, token in enumerate(kept) if token in pictures), len(kept))
        front = min(drawn[0], text)
        cache.compact(slices, front)
        _check(cache, kept, pictures)
        lies = [cache.rotated[0, 0, : cache.length, 0].tolist().index(n) for n in kept[:front]]
        assert sorted(lies) == list(range(front))
        assert [cache.raw_keys[0, 0, : cache.raw_key_length, 0].tolist().index(n) for n in kept[:front]] == lies
        write(cache, range(fresh, fresh + 3), pictures)
        kept = [*kept, fresh, fresh + 1, fresh + 2]
        fresh = fresh + 3
        _check(cache, kept, pictures)


def _check(cache: KVCache, kept: list[int], pictures: Set[int] = frozenset()) -> None:
    entries = cache.tokens(0, cache.length)
    text = [n for n in kept if n not in pictures]
    assert (cache.length, cache.raw_key_length) == (len(kept), len(text))
    assert entries.raw_keys[1, 0, :, 0].tolist() == text
    assert entries.rotated[1, 0, :, 7].tolist() == kept
    assert entries.values[0, 0, :, 3].tolist() == kept
    assert entries.has_raw_key.tolist() == [n not in pictures for n in kept]
    assert cache.slots.has_raw_key(np.arange(cache.length)).tolist() == entries.has_raw_key.tolist()
    assert sorted(cache.raw_keys[1, 0, : cache.raw_key_length, 0].tolist()) == sorted(text)
    assert sorted(cache.rotated[1, 0, : cache.length, 0].tolist()) == sorted(kept)


def test_a_picture_cannot_stand_in_front() -> None:
    with pytest.raises(AssertionError, match="no raw key"):
        filled(10, {3}).compact([(0, 10)], 5)


def test_the_front_cannot_be_cut_off_behind_tokens_that_lie_elsewhere() -> None:
    cache = filled(10)
    cache.compact([(0, 2), (3, 10)])
    cache.truncate(2)
    cache = filled(10)
    cache.compact([(0, 2), (3, 10)])
    with pytest.raises(AssertionError, match="lie in entries or slots after"):
        cache.truncate(5)


@settings(deadline=None)
@given(st.sets(st.integers(0, 129)), st.booleans(), st.frozensets(st.integers(5, 136)))
def test_keys_are_rotated_wherever_they_are(chosen: set[int], rest: bool, pictures: frozenset[int]) -> None:
    """Few or many side by side; those without a raw key are rotated further."""
    cache = filled(140, pictures)
    cache.compact([(0, 5), (12, 137)], 5)
    tokens = np.array(sorted(set(range(130)) - chosen if rest else chosen), int)
    has_raw_key = cache.slots.has_raw_key(tokens)
    text = cache.slots.in_entry_order(tokens[has_raw_key])
    others = tokens[~has_raw_key]
    before = cache.tokens(0, 130)
    raw = torch.zeros_like(before.rotated)
    raw[:, :, before.has_raw_key] = before.raw_keys
    angles = [(angle.cos(), angle.sin()) for angle in (torch.rand(len(n), 4).repeat(1, 2) for n in (text, others))]
    cache.rotate_keys(text, *angles[0])
    cache.rerotate_keys(others, *angles[1])
    after = cache.tokens(0, 130)
    expected = before.rotated.clone()
    expected[:, :, text] = rotate(raw[:, :, text], *angles[0])
    expected[:, :, others] = rotate(before.rotated[:, :, others], *angles[1])
    torch.testing.assert_close(after.rotated, expected)
    assert torch.equal(after.raw_keys, before.raw_keys)


def test_growing_keeps_what_is_there_and_room_costs_nothing() -> None:
    cache = filled(40, {5})
    held = cache.capacity
    keys = cache.raw_key_capacity
    taken = cache.allocated_bytes
    assert not cache.reserve(CacheSize(held, keys))
    assert cache.allocated_bytes == taken
    assert cache.reserve(CacheSize(held + 1, 0))
    assert cache.capacity > held
    assert cache.raw_key_capacity == keys
    assert cache.reserve(CacheSize(0, keys + 1))
    assert cache.raw_key_capacity > keys
    _check(cache, list(range(40)), {5})


def test_what_was_cut_off_can_be_put_back() -> None:
    cache = filled(10, {3, 7})
    tail = cache.tokens(6, 10)
    cache.truncate(4)
    assert (cache.length, cache.raw_key_length) == (4, 3)
    cache.extend(tail)
    _check(cache, [0, 1, 2, 3, 6, 7, 8, 9], {3, 7})


def test_shrinking_keeps_what_is_in_use_and_frees_the_rest() -> None:
    pictures = set(range(100, 600))
    cache = filled(700, pictures)
    cache.truncate(300)
    assert cache.shrink(CacheSize(10, 10))
    assert (cache.capacity, cache.raw_key_capacity) == (512, 256)
    assert cache.allocated_bytes == CONFIG.kv_bytes_per_token(4) * 512 + CONFIG.raw_key_bytes_per_token(4) * 256
    _check(cache, list(range(300)), pictures)
    assert not cache.shrink(CacheSize(400, 1000))
