"""The time of a live stream's pictures."""

from __future__ import annotations

JUMP_S = 2.0
"""A time stamp this far off real time is a jump of the sender's clock, not jitter."""


class MediaClock:
    """Turns the sender's time stamps into seconds since the first picture.

    Stamps are smoother than arrival times, but senders restart and wrap round: after a jump the clock goes on with
    real time.
    """

    def __init__(self) -> None:
        self._start: float | None = None  # arrival of the first picture
        self._offset: float | None = None  # media time minus stamp

    def at(self, stamp: float | None, now: float) -> float:
        """Media time of a picture stamped `stamp` seconds that arrived at `now` (monotonic)."""
        if self._start is None:
            self._start = now
        elapsed = now - self._start
        if stamp is None:
            return elapsed
        if self._offset is None or abs(stamp + self._offset - elapsed) > JUMP_S:
            self._offset = elapsed - stamp
        return stamp + self._offset

    def ahead(self, media_time: float, now: float) -> float:
        """Seconds by which a picture is early, when the first one was on time."""
        return 0.0 if self._start is None else media_time - (now - self._start)
