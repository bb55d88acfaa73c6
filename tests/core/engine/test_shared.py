"""Few shapes for what all queries see, and nearly all of it in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.engine.cuda.shared import LEAST_KEYS, LEAST_SHARE, STEPS, share_of


@given(st.integers(0, 200_000), st.integers(1, 4))
def test_a_share_is_whole_and_leaves_little(old, parts):
    share = share_of(old, parts)
    assert share % LEAST_KEYS == 0
    assert share * parts <= old
    if old // parts >= LEAST_SHARE:
        assert old // parts - share < max(LEAST_KEYS, old // parts / STEPS)
    else:
        assert share == 0


def test_a_window_meets_few_shapes():
    assert len({share_of(old, 4) for old in range(6_000, 13_000)}) <= 8
    assert len({share_of(old, 1) for old in range(24_000, 50_000)}) <= 16
