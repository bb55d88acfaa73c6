"""What a stream tells of the time that was not watched."""

from __future__ import annotations

import threading
import time

import numpy as np
import pytest

from app.bridge.gap_tracker import DROPPED, PAUSED, PRIVATE, SOURCE_LOST, GapTracker
from app.bridge.stream import Stream
from app.capture.source import SourceNotice
from core.config import StreamConfig
from core.messages import Gap, Line, Message, Paused, Resumed
from core.source_messages import PrivateWindow
from core.types import Chunk, Frame
from tests.app.scripted import Commentator

IMAGE = np.zeros((4, 4, 3), np.uint8)


def chunk(start: float) -> Chunk:
    return Chunk(0, start, start + 1, (IMAGE,), 0.0)


@pytest.mark.parametrize(
    ("why", "reason"),
    [
        (None, DROPPED),
        (Paused(2.0), PAUSED),
        (Resumed(2.0), PAUSED),
        (SourceNotice("", "", 2.0, lost=True), SOURCE_LOST),
        (SourceNotice("It stands", "still", 2.0), DROPPED),
        (PrivateWindow(2.0, True), PRIVATE),
        (Gap(1.0, 2.0, "started again"), "started again"),
    ],
)
def test_a_gap_has_its_reason_once(why: Message | SourceNotice | None, reason: str) -> None:
    gaps = GapTracker()
    assert gaps.before(chunk(0)) is None
    if why is not None:
        gaps.note(why)
    assert gaps.before(chunk(4)) == Gap(1.0, 4.0, reason)
    assert gaps.reached == 5.0
    assert gaps.before(chunk(6)) == Gap(5.0, 6.0, DROPPED)


def test_a_source_that_is_away_at_the_end_leaves_a_gap() -> None:
    gaps = GapTracker()
    gaps.before(chunk(0))
    assert gaps.at_end(None) is None
    assert gaps.at_end(1.0) is None
    assert gaps.at_end(7.5) == Gap(1.0, 7.5, SOURCE_LOST)


class Desktop:
    """A live source, ten pictures a second, of which those of some tenths of seconds are private."""

    name = "desktop"
    context = ""
    live = True
    warning = ""

    def __init__(self, private: range, ready: threading.Event) -> None:
        self._private = private
        self._ready = ready
        self._count = -1

    def open(self) -> None:
        pass

    def read(self) -> Frame | SourceNotice | None:
        self._ready.wait()
        time.sleep(0.01)
        self._count += 1
        if self._count == 60:
            return None
        if self._count in self._private:
            return SourceNotice("", "", self._count / 10, private=True)
        return Frame(IMAGE, time.monotonic(), self._count / 10)

    def interrupt(self) -> None:
        self._ready.set()

    def close(self) -> None:
        pass


def told(private: range) -> list[Message]:
    """What a stream tells of six seconds of that desktop."""
    said: list[Message] = []
    ready = threading.Event()

    def take(message: Message) -> None:
        said.append(message)

    stream = Stream(Desktop(private, ready), Commentator(), StreamConfig(fps=10), on_message=take)
    stream.start()
    end = time.monotonic() + 10
    while not stream.ready and time.monotonic() < end:
        time.sleep(0.01)
    ready.set()
    assert stream.join(20)
    return said


def test_a_private_window_leaves_a_gap_without_its_title() -> None:
    said = told(range(25, 38))
    assert [message for message in said if isinstance(message, PrivateWindow)] == [
        PrivateWindow(2.5, True),
        PrivateWindow(3.8, False),
    ]
    assert [message for message in said if isinstance(message, Gap)] == [Gap(2.0, 4.0, "private window")]
    assert [(line.start, line.end) for line in said if isinstance(line, Line)] == [(0, 1), (1, 2), (4, 5), (5, 6)]


def test_one_that_is_there_from_the_start_starts_the_clock() -> None:
    said = told(range(0, 20))
    assert [message for message in said if isinstance(message, Gap)] == [Gap(0.0, 2.0, "private window")]
    assert next(line.start for line in said if isinstance(line, Line)) == 2.0
