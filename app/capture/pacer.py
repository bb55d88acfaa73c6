"""Giving frames out when they are due."""

from __future__ import annotations

import math
import threading
import time


class Pacer:
    """Waits for moments on a media clock that runs with real time. `interrupt` ends every wait, from any thread.

    The clock starts when the first frame has been taken: a source that is held after its first frame (while the
    model loads) goes on from there instead of rushing to catch up.
    """

    def __init__(self) -> None:
        self._interrupted = threading.Event()
        self._first: float | None = None  # media time of the first frame
        self._zero: float | None = None  # monotonic time at which media time was 0

    def wait(self, media_time: float) -> bool:
        """Wait until `media_time` is due. False when interrupted."""
        if self._first is None:
            self._first = media_time
        else:
            if self._zero is None:
                self._zero = time.monotonic() - self._first
            self._interrupted.wait(max(self._zero + media_time - time.monotonic(), 0.0))
        return not self.interrupted

    def overdue(self, rate: float) -> int:
        """The newest k for which k / rate is due by now: a source that cannot keep up goes on from there."""
        if self._first is None or self._zero is None:
            return 0
        return math.floor((time.monotonic() - self._zero) * rate)

    @property
    def interrupted(self) -> bool:
        return self._interrupted.is_set()

    def interrupt(self) -> None:
        self._interrupted.set()
