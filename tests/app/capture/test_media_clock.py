"""The time of a live stream's frames: jitter is followed, jumps are not."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.capture.media_clock import JUMP_S, MediaClock


@given(jitter=st.lists(st.floats(0, 0.5), min_size=2, max_size=30))
def test_stamps_are_followed_and_jumps_are_not(jitter: list[float]) -> None:
    clock = MediaClock()
    arrivals = [10 + index / 10 + late for index, late in enumerate(jitter)]
    times = [clock.at(7000 + index / 10, arrival) for index, arrival in enumerate(arrivals)]
    assert times == pytest.approx([index / 10 for index in range(len(jitter))])
    after = clock.at(3.0, arrivals[-1] + 0.1)
    assert abs(after - (arrivals[-1] + 0.1 - arrivals[0])) < JUMP_S
    assert MediaClock().at(None, 5.0) == 0.0
