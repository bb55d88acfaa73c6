"""Keys after evictions: each rotated by the position that its token has now, wherever it lies in the cache."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from core.cache.cache_positions import CachePositions
from core.cache.cache_size import CacheSize
from core.cache.kv_cache import KVCache
from core.model.config import ModelConfig, VisionConfig
from core.model.rotary import mrope, rotate

VISION = VisionConfig(1, 8, 1, 8, 8, 14, 2, 2, 3, 112, (0,), 2.0, True)
CONFIG = ModelConfig("qwen2_5_vl", 16, 16, 2, 2, 1, 8, 10, 1e-6, 1e4, (1, 1, 2), True, VISION)
FRONT = 4
TOKENS = 40


def filled(rebases: bool, without: frozenset[int]) -> tuple[KVCache, CachePositions, torch.Tensor]:
    """TOKENS tokens of text in a cache, their positions, and their keys before rotation; `without` have no raw ones."""
    cache = KVCache(CONFIG, torch.device("cpu"), torch.float32)
    cache.reserve(CacheSize(TOKENS, TOKENS))
    positions = CachePositions(CONFIG, cache, rebases)
    keys = torch.randn(1, TOKENS, CONFIG.head_dim, generator=torch.Generator().manual_seed(0))
    kept = np.array([n for n in range(TOKENS) if n not in without])
    rotated = rotate(keys, *positions.cos_sin(0, TOKENS))
    for layer in range(CONFIG.layers):
        cache.write(layer, keys, rotated, keys, torch.from_numpy(kept))
    cache.advance(TOKENS, kept)
    positions.append(positions.extended_to(TOKENS))
    return cache, positions, keys


def evict(cache: KVCache, positions: CachePositions, slices: list[tuple[int, int]]) -> None:
    pieces = [positions.positions[:, start:stop] for start, stop in slices]
    cache.compact(slices, FRONT)
    positions.rebase(pieces, len(pieces) - 1, FRONT)


def keys_by_definition(keys: torch.Tensor, positions: CachePositions, kept: list[int]) -> torch.Tensor:
    """(kv_heads, tokens, head_dim): raw keys rotated for the positions, origin included, in one step."""
    at = torch.from_numpy(positions.positions).float()
    return rotate(keys[:, kept], *mrope(at, CONFIG.head_dim, CONFIG.mrope_section, CONFIG.rope_theta))


@given(
    st.lists(st.integers(FRONT + 1, TOKENS - 1), min_size=2, max_size=6, unique=True),
    st.frozensets(st.integers(FRONT, TOKENS - 1), max_size=12),
)
def test_gaps_are_closed_and_keys_follow(marks: list[int], without: frozenset[int]) -> None:
    cache, positions, keys = filled(True, without)
    edges = [0, *sorted(marks)[: len(marks) // 2 * 2], TOKENS]
    slices = [(start, stop) for start, stop in list(pairwise(edges))[::2] if start < stop]
    evict(cache, positions, slices)
    kept = [n for start, stop in slices for n in range(start, stop)]
    relative = positions.relative(len(kept))
    np.testing.assert_array_equal(relative, np.broadcast_to(np.arange(len(kept)), relative.shape))
    got = cache.tokens(0, len(kept)).rotated
    for layer in got:
        torch.testing.assert_close(layer, keys_by_definition(keys, positions, kept), atol=1e-5, rtol=1e-5)


def test_the_newest_tokens_keep_their_keys_bit_for_bit() -> None:
    """The tokens before a gap move up; what comes after it needs no new rotation."""
    cache, positions, _ = filled(True, frozenset())
    before = cache.tokens(20, TOKENS).rotated
    evict(cache, positions, [(0, FRONT), (20, TOKENS)])
    assert torch.equal(cache.tokens(FRONT, FRONT + TOKENS - 20).rotated, before)
    assert positions.origin == 20 - FRONT


def test_native_positions_stay_with_their_gaps() -> None:
    cache, positions, _ = filled(False, frozenset())
    evict(cache, positions, [(0, FRONT), (20, TOKENS)])
    assert positions.positions[0].tolist() == [*range(FRONT), *range(20, TOKENS)]
    assert positions.origin == 0


@pytest.mark.parametrize("tokens", [0, 7])
def test_text_to_come_counts_on(tokens: int) -> None:
    positions = filled(True, frozenset())[1]
    positions.truncate(tokens)
    assert positions.extended_to(tokens + 3)[0, tokens:].tolist() == [tokens, tokens + 1, tokens + 2]
    cos, sin = positions.cos_sin(tokens, tokens + 3)
    wanted = torch.arange(float(tokens), tokens + 3).expand(3, -1)
    torch.testing.assert_close((cos, sin), mrope(wanted, CONFIG.head_dim, CONFIG.mrope_section, CONFIG.rope_theta))
