"""What `courtside ctl status` tells of a stream."""

from __future__ import annotations

import pytest

from app.remote.stream_status import StreamStatus
from core.messages import Drop, Failure, Finished, Line, Ready, Stats


def test_it_adds_up_what_a_stream_said() -> None:
    status = StreamStatus("arena:3", "bundled")
    assert status.record()["phase"] == "loading"
    assert status.record()["age_s"] is None
    status.handle(Ready("arena", "cpu", "float32", 1, 0.5))
    status.handle(Line(0, 0, 1, " A corner. ", 10.0, 10.25))
    status.handle(Line(1, 1, 2, "", 11.0, 11.5))
    status.handle(Stats(1, 0.1, 0.05, 0, 0, 0, 0.05, 5, 900, 4_200_000, 9.0, 640_000_000, 0))
    status.handle(Drop("behind", 3, 2.0))
    found = status.record()
    assert (found["phase"], found["model"], found["device"]) == ("live", "arena", "cpu")
    assert (found["lines"], found["rounds"], found["last_line"]) == (1, 1, "A corner.")
    assert found["age_s"] == pytest.approx(0.5)
    assert (found["frames_dropped"], found["remembers_s"]) == (3, 9.0)
    status.handle(Failure("The device is gone", "plug it in"))
    status.handle(Finished(2))
    assert (status.record()["phase"], status.record()["error"]) == ("stopped", "The device is gone: plug it in")


def test_a_pause_asked_for_while_loading_counts_as_soon_as_it_is_live() -> None:
    status = StreamStatus("arena:3", "bundled")
    status.paused = True
    assert status.record()["phase"] == "loading"
    status.handle(Ready("arena", "cpu", "float32", 1, 0.5))
    assert status.record()["phase"] == "paused"
    status.paused = False
    assert status.record()["phase"] == "live"
