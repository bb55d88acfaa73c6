"""Video time without pauses, and the wall's clock."""

from __future__ import annotations

import time
from pathlib import Path

from app.session.events import Session
from app.session.timeline import Timeline, begun


def said(start: float, captured_at: float) -> dict[str, object]:
    return {"type": "line", "round": 0, "start": start, "end": start + 1, "text": "", "captured_at": captured_at}


def test_pauses_are_taken_out() -> None:
    events = [
        {"type": "settings", "started_at": 1_000_000.0, "clock": 100.0},
        said(0, 101.0),
        {"type": "paused", "at": 10.0},
        {"type": "resumed", "at": 30.0},
        said(30, 131.0),
        {"type": "paused", "at": 40.0},
    ]
    clocks = Timeline(Session(Path("x"), tuple(events), False))
    assert [clocks.video(at) for at in (5, 10, 20, 30, 35)] == [5, 10, 10, 10, 15]
    assert clocks.pauses == ((10.0, 30.0),)
    assert [clocks.source(at) for at in (5, 10, 15)] == [5, 30, 35]


def test_the_wall_clock_follows_the_pictures() -> None:
    events = [{"type": "settings", "started_at": 1_000_000.0, "clock": 100.0}, said(0, 105.0), said(1, 160.0)]
    clocks = Timeline(Session(Path("x"), tuple(events), False))
    assert clocks.wall(1.0) == 1_000_005.0
    assert clocks.wall(2.0) == 1_000_060.0
    assert clocks.wall(1.5) == 1_000_059.5
    assert clocks.wall(9.0) == 1_000_067.0


def test_a_session_without_settings_has_the_time_of_its_folder() -> None:
    assert begun({}, "2026-11-30 14:00") == 0.0
    assert time.localtime(begun({}, "2026-11-30 14-05-09 arena"))[:6] == (2026, 11, 30, 14, 5, 9)
    assert begun({"started_at": "yesterday"}, "x") == 0.0
    assert begun({"started_at": 1e300}, "2026-11-30 14-05-09 arena") > 0
    clocks = Timeline(Session(Path("2026-11-30 14-05-09 arena"), (said(0, 5.0),), False))
    assert clocks.of_day(60.0) == 14 * 3600 + 5 * 60 + 9 + 60
