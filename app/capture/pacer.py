"""Giving frames out when they are due."""

from __future__ import annotations

import math
import threading
import time


class Pacer:
    """Waits for moments on a media clock that runs with real time. `interrupt` ends every wait, from any thread;
    `skip` the one under way, or else the next before a `restart`.

    The clock starts when the first frame has been taken: a source that is held after its first frame (while the
    model loads) goes on from there instead of rushing to catch up.
    """

    def __init__(self) -> None:
        self._changed = threading.Condition()
        self._skipped = False
        self._interrupted = False
        self._first: float | None = None  # media time of the first frame
        self._zero: float | None = None  # monotonic time at which media time was 0

    def wait(self, media_time: float) -> bool:
        """Wait until `media_time` is due. False when interrupted or skipped."""
        if self._first is None:
            self._first = media_time
        else:
            if self._zero is None:
                self._zero = time.monotonic() - self._first
            with self._changed:
                wait_s = max(self._zero + media_time - time.monotonic(), 0.0)
                self._changed.wait_for(lambda: self._interrupted or self._skipped, wait_s)
        with self._changed:
            skipped = self._skipped
            self._skipped = False
        return not (skipped or self._interrupted)

    def restart(self) -> None:
        """The clock starts anew with the next frame, whatever its time."""
        self._first = None
        self._zero = None
        with self._changed:
            self._skipped = False

    def now(self) -> float:
        """Media time that is due now; 0 before the clock has started."""
        return 0.0 if self._zero is None else time.monotonic() - self._zero

    @property
    def interrupted(self) -> bool:
        return self._interrupted

    def interrupt(self) -> None:
        with self._changed:
            self._interrupted = True
            self._changed.notify_all()

    def skip(self) -> None:
        """What is waited for is no longer wanted."""
        with self._changed:
            self._skipped = True
            self._changed.notify_all()


class Ticker:
    """Media times k / rate in real time, for sources that take a picture at will. Missed ticks are skipped."""

    def __init__(self, rate: float) -> None:
        self._rate = rate
        self._pacer = Pacer()
        self._next = 0

    def tick(self) -> float | None:
        """Wait for the next tick and return its media time. None when interrupted."""
        self._next = max(self._next, math.floor(self._pacer.now() * self._rate))
        media_time = self._next / self._rate
        self._next += 1
        return media_time if self._pacer.wait(media_time) else None

    def interrupt(self) -> None:
        self._pacer.interrupt()
