"""Few shapes for what all queries see, and nearly all of it in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.engine.backends.cuda.cudnn_prefix import MIN_PREFIX_TOKENS, PREFIX_BLOCK, STEPS, prefix_tokens


@given(st.integers(0, 200_000), st.integers(1, 4))
def test_a_share_is_whole_and_leaves_little(cached, splits):
    per_split = prefix_tokens(cached, splits)
    assert per_split % PREFIX_BLOCK == 0
    assert per_split * splits <= cached
    if cached // splits >= MIN_PREFIX_TOKENS:
        assert cached // splits - per_split < max(PREFIX_BLOCK, cached // splits / STEPS)
    else:
        assert per_split == 0


def test_a_window_meets_few_shapes():
    assert len({prefix_tokens(cached, 4) for cached in range(6_000, 13_000)}) <= 8
    assert len({prefix_tokens(cached, 1) for cached in range(24_000, 50_000)}) <= 16
