"""The time of a stored film's pictures, whatever its time stamps do."""

from __future__ import annotations

BACK_S = 0.5
"""A stamp this much before the last one is a new count, not the order of pictures."""
JUMP_S = 10.0
"""The same for one after it, in a container whose counts are known to jump (MPEG-TS and the like)."""
FAR_S = 3600.0
"""The same in every other container, where a picture may stand for minutes."""


class FilmClock:
    """Seconds since the start of the film, never going back far and never jumping.

    A picture without a stamp follows the one before it; where stamps begin a new count, that goes on from there.

    Attributes:
        jumped: a new count was found, so that lengths of the container mean nothing.
    """

    def __init__(self, start: float, *, jumps: bool) -> None:
        """start: seconds of the first stamp of the container. jumps: its counts may begin anew."""
        self.jumped = False
        self._offset = -start
        self._most = JUMP_S if jumps else FAR_S
        self._following = 0.0  # when the next picture is due
        self._sought: float | None = None

    def seek(self, seconds: float) -> None:
        """The next picture is the one that the container has for `seconds`, or one before it."""
        self._sought = seconds

    def at(self, stamp: float | None, shown_s: float) -> float:
        """The time of a picture with that stamp, shown for `shown_s` seconds."""
        if self._sought is not None:
            self._following = self._sought if stamp is None else stamp + self._offset
            self._sought = None
        seconds = self._following if stamp is None else stamp + self._offset
        if not self._following - BACK_S <= seconds <= self._following + self._most:
            self.jumped = True
            self._offset += self._following - seconds
            seconds = self._following
        self._following = max(self._following, seconds + shown_s) if stamp is None else seconds + shown_s
        return seconds
