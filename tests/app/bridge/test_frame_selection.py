"""Which frames the model is given, and which others a recording gets."""

from __future__ import annotations

import numpy as np

from app.bridge.frame_selection import FrameSelection
from app.bridge.pause import PauseGate
from core.messages import Paused, Resumed
from core.types import Frame

IMAGE = np.zeros((2, 2, 3), np.uint8)
ZERO = 100.0


def test_a_recording_gets_every_frame_that_is_watched_and_the_model_its_own() -> None:
    """Eight frames a second, of which the model takes two; paused from 1 s to 2 s."""
    markers: list[Paused | Resumed] = []
    pause = PauseGate(1.0, waits=False)
    selection = FrameSelection(2.0, pause, 3.0, markers.append)
    watched: list[tuple[float, float | None]] = []
    selection.watched = lambda frame, given: watched.append((frame.media_time, given))
    given = []
    for number in range(40):
        pause.set_watched(not 4 <= number < 12)
        sampled = selection.sample(Frame(IMAGE, 0.0, ZERO + number / 8), ZERO)
        if selection.over:
            break
        if sampled is not None:
            given.append(sampled.media_time)
    assert number == 24
    assert given == [0.0, 0.5, 2.0, 2.5]
    assert [at for at, _ in watched] == [number / 8 for number in (*range(8), *range(16, 24))]
    assert [at for _, at in watched if at is not None] == given
    assert markers == [Paused(1.0), Resumed(2.0)]
    assert (selection.skipped, selection.missed) == (12, 0)


def test_what_a_source_gives_too_late_is_missed_but_not_what_it_says_will_not_come() -> None:
    selection = FrameSelection(2.0, PauseGate(1.0, waits=False), None, lambda marker: None)
    for second in (0.0, 0.5, 2.0, 2.5):
        assert selection.sample(Frame(IMAGE, 0.0, second), 0.0) is not None
    assert selection.missed == 2  # those of 1.0 and 1.5
    selection.expect_gap()
    assert selection.sample(Frame(IMAGE, 0.0, 9.0), 0.0) is not None
    assert selection.missed == 2
