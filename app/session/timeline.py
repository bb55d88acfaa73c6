"""The two clocks of a session: video time, with the pauses taken out, and the wall's."""

from __future__ import annotations

import re
import time
from bisect import bisect_left
from functools import cached_property
from typing import Literal

from app.session.events import Session
from app.session.records import Record

Clock = Literal["video", "wall"]


class Timeline:
    """Source seconds of a session told on another clock.

    Attributes:
        pauses: source seconds [start, end) that the viewer had paused, in order.
        started_at: seconds since 1970 at which the session began.
    """

    def __init__(self, session: Session) -> None:
        self.pauses = tuple(_pauses(session))
        self.started_at = start_of(session)
        self._session = session

    @cached_property
    def anchors(self) -> list[tuple[float, float]]:
        """(source second, seconds since 1970) at the end of each round, in order; none where the session has none."""
        settings = self._session.settings
        if "clock" not in settings:
            return []
        offset = self.started_at - _number(settings, "clock", 0.0)
        rounds = [event for event in self._session.events if event["type"] == "line"]
        return sorted((event["end"], offset + event["captured_at"]) for event in rounds)

    def video(self, at: float) -> float:
        """Source second `at` on the video without its pauses."""
        cut = 0.0
        for start, end in self.pauses:
            if start >= at:
                break
            cut += min(at, end) - start
        return at - cut

    def source(self, video: float) -> float:
        """The source second at `video` seconds of the video without its pauses; where one was, its end."""
        at = video
        for start, end in self.pauses:
            if start <= at:
                at += end - start
        return at

    def wall(self, at: float) -> float:
        """Source second `at` in seconds since 1970."""
        if not self.anchors:
            return self.started_at + at
        number = min(bisect_left(self.anchors, (at, 0.0)), len(self.anchors) - 1)
        source, wall = self.anchors[number]
        return wall + at - source

    def of_day(self, at: float) -> float:
        """Source second `at` in seconds since midnight, local time, of the day the session began."""
        day = time.localtime(self.started_at)
        midnight = time.mktime((day.tm_year, day.tm_mon, day.tm_mday, 0, 0, 0, 0, 0, -1))
        return self.wall(at) - midnight

    def told(self, at: float, clock: Clock) -> float:
        """Source second `at` on the clock asked for, in seconds."""
        return self.video(at) if clock == "video" else max(0.0, self.of_day(at))


def start_of(session: Session) -> float:
    """Seconds since 1970 at which it began: as it says itself, else as its folder does, else the file's own time."""
    return begun(session.settings, session.folder.name)


def begun(settings: Record, folder: str) -> float:
    """The same from the settings and the folder's name; 0.0 when neither tells."""
    told = _number(settings, "started_at", -1.0)
    if 0 <= told < 1e11:
        return told
    match = re.match(r"(\d{4})-(\d\d)-(\d\d) (\d\d)-(\d\d)-(\d\d)", folder)
    if match is None:
        return 0.0
    parts = [int(part) for part in match.groups()]
    try:
        return time.mktime((*parts, 0, 0, -1))  # type: ignore[arg-type]
    except (ValueError, OverflowError):
        return 0.0


def _number(record: Record, name: str, otherwise: float) -> float:
    value = record.get(name)
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else otherwise


def _pauses(session: Session) -> list[tuple[float, float]]:
    pauses = []
    began: float | None = None
    end = 0.0
    for event in session.events:
        kind = event["type"]
        if kind == "line":
            end = max(end, event["end"])
        elif kind == "paused" and began is None:
            began = event["at"]
        elif kind == "resumed" and began is not None:
            pauses.append((began, max(began, event["at"])))
            began = None
    if began is not None and began < end:
        pauses.append((began, end))
    return pauses
