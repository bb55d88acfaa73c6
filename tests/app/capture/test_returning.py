"""Losing a source and getting it back, with a real one that ends every half second."""

from __future__ import annotations

import threading
import time

import pytest

from app.capture import returning
from app.capture.live_video import LiveVideo
from app.capture.returning import ReturningSource
from app.capture.source import CaptureOptions, SourceNotice
from core.errors import SourceError
from core.types import Frame
from tests.quiet_clock import lost_s, quiet_s
from tests.waiting import PATIENCE_S

pytest.importorskip("av")

OPTIONS = CaptureOptions(fps=2, preview_fps=10)
BRIEF = "testsrc2=size=64x48:rate=20:duration=1.5,realtime"


def told(taken: list[Frame | SourceNotice]) -> list[SourceNotice]:
    return [item for item in taken if isinstance(item, SourceNotice) and item.title]


def test_a_source_that_ends_comes_back_and_time_goes_on() -> None:
    source = ReturningSource(lambda again: LiveVideo("brief", OPTIONS, BRIEF, "lavfi"))
    source.open()
    taken: list[Frame | SourceNotice] = []
    before = lost_s()
    ends = time.monotonic() + PATIENCE_S
    while len(told(taken)) < 4 or not isinstance(taken[-1], Frame):
        assert time.monotonic() < ends
        taken.append(source.read())
    late = lost_s() - before
    source.interrupt()
    assert source.read() is None
    source.close()
    notices = told(taken)
    assert [notice.title for notice in notices] == ["The source was lost", "The source is back"] * 2
    assert notices[0].lost
    assert "brief: it ended; trying until it is back" in notices[0].message
    frames = [item for item in taken if isinstance(item, Frame)]
    times = [frame.media_time for frame in frames]
    assert times == sorted(times)
    elapsed = frames[-1].captured_at - frames[0].captured_at
    assert times[-1] - times[0] == pytest.approx(elapsed, abs=0.3 + late)


def test_a_source_that_is_not_there_at_first_is_an_error() -> None:
    source = ReturningSource(lambda again: LiveVideo("none", OPTIONS, "nonsense", "lavfi"))
    with pytest.raises(SourceError, match="none"):
        source.open()
    source.close()


def test_it_is_tried_for_ever_and_a_stop_ends_that(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(returning, "LONGEST_WAIT_S", 0.1)
    made: list[bool] = []

    def make(again: bool) -> LiveVideo:
        made.append(again)
        return LiveVideo("gone", OPTIONS, "nonsense" if again else BRIEF, "lavfi")

    source = ReturningSource(make)
    source.open()
    taken = []
    while len(made) < 5:
        taken.append(source.read())
    told = [item for item in taken if isinstance(item, SourceNotice)]
    assert [notice.title for notice in told if notice.title] == ["The source was lost"]
    assert told[-1].at > told[0].at
    threading.Timer(0.2, source.interrupt).start()
    begun = quiet_s()
    while source.read() is not None:
        pass
    assert quiet_s() - begun < 1.0
    source.close()
    assert made == [False, *[True] * (len(made) - 1)]


def test_a_picture_that_stands_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.capture.stillness.STILL_S", 0.5)
    grey = "color=gray:size=64x48:rate=20,realtime"
    source = ReturningSource(lambda again: LiveVideo("grey", OPTIONS, grey, "lavfi"), moves=True)
    source.open()
    taken = [source.read() for _ in range(15)]
    source.close()
    notices = [item for item in taken if isinstance(item, SourceNotice)]
    assert [notice.title for notice in notices] == ["The picture stands still"]
    assert not notices[0].lost
