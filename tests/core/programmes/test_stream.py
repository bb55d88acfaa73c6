"""A stream of rounds goes from seed to seed, ends what it began, and outlives an episode that breaks."""

from __future__ import annotations

from itertools import islice

import numpy as np
import pytest

from core.errors import SourceError
from core.programmes.catalogue import find
from core.programmes.programme import in_round
from core.programmes.stream import rounds


class Breaking:
    """An episode whose program ends after two seconds."""

    context = "short"

    def __init__(self) -> None:
        self.closed = False

    def frame(self, time_s: float) -> np.ndarray:
        if time_s >= 2.0:
            raise SourceError("Gone", "the program ended")
        return np.zeros((4, 6, 3), np.uint8)

    def events(self, start_s: float, end_s: float) -> list:
        return []

    def line(self, start_s: float) -> str:
        return ""

    def mentions(self, text: str) -> list:
        return []

    def close(self) -> None:
        self.closed = True


def test_rounds_hold_frames_line_and_its_events() -> None:
    desktop = find("desktop")
    seen = list(islice(rounds(lambda seed: desktop.start(seed, True), range(5, 7), 30, 3), 60))
    assert [one.seed for one in seen] == [5] * 30 + [6] * 30
    assert [one.start_s for one in seen[:30]] == [float(second) for second in range(30)]
    assert all(one.frames.shape[0] == 3 for one in seen)
    assert any(one.line for one in seen)
    for one in seen:
        assert bool(one.line) == bool(one.events)
        assert all(in_round(event.time, one.start_s) for event in one.events)


def test_an_episode_that_breaks_is_told_of_and_left(caplog: pytest.LogCaptureFixture) -> None:
    made = [Breaking(), Breaking()]
    with caplog.at_level("ERROR"):  # a warning in the log fails a test
        seen = list(rounds(lambda seed: made[seed], range(2), 10, 1))
    assert [one.seed for one in seen] == [0, 0, 1, 1]
    assert all(one.closed for one in made)
