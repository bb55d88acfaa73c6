"""Few shapes for what all queries see, and nearly all of it in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.engine.backends.cuda.cudnn_prefix import MIN_PREFIX_TOKENS, PREFIX_BLOCK, STEPS, prefix_tokens


@given(st.integers(0, 200_000), st.integers(1, 4))
def test_a_share_is_whole_and_leaves_little(old, parts):
    share = prefix_tokens(old, parts)
    assert share % PREFIX_BLOCK == 0
    assert share * parts <= old
    if old // parts >= MIN_PREFIX_TOKENS:
        assert old // parts - share < max(PREFIX_BLOCK, old // parts / STEPS)
    else:
        assert share == 0


def test_a_window_meets_few_shapes():
    assert len({prefix_tokens(old, 4) for old in range(6_000, 13_000)}) <= 8
    assert len({prefix_tokens(old, 1) for old in range(24_000, 50_000)}) <= 16
