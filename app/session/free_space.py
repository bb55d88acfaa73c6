"""How long the disk lasts while a video is written, and when that must stop."""

from __future__ import annotations

import shutil
import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

FLOOR_BYTES = 1_000_000_000
"""Free space below which no video is written: the words need room, and so do other programs."""
LOOK_EVERY_S = 5.0
MEASURED_OVER_S = 60.0
TOLD_AT_S = (4 * 3600.0, 3600.0, 600.0)
"""Each once, when less than that is left."""


class FreeSpace:
    """Looks at the free space now and then.

    Attributes:
        is_short: less than the floor was free when last looked at.
    """

    def __init__(
        self, folder: Path, floor_bytes: int = FLOOR_BYTES, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self.is_short = False
        self._folder = folder
        self._floor_bytes = floor_bytes
        self._clock = clock
        self._next = clock()
        self._free: deque[tuple[float, int]] = deque()
        self._thresholds = list(TOLD_AT_S)

    def news(self) -> str:
        """How long the disk lasts, when that is to be told; else "". Looks at most every LOOK_EVERY_S seconds.

        Raises OSError where the folder has gone.
        """
        now = self._clock()
        if now < self._next:
            return ""
        self._next = now + LOOK_EVERY_S
        free = shutil.disk_usage(self._folder).free
        self.is_short = free < self._floor_bytes
        self._free.append((now, free))
        while now - self._free[0][0] > MEASURED_OVER_S:
            self._free.popleft()
        return self._forecast(now, free)

    def _forecast(self, now: float, free: int) -> str:
        began, was = self._free[0]
        if now - began < MEASURED_OVER_S / 2 or free >= was:
            return ""
        left_s = max(0.0, (free - self._floor_bytes) * (now - began) / (was - free))
        crossed = [threshold for threshold in self._thresholds if left_s < threshold]
        self._thresholds = [threshold for threshold in self._thresholds if left_s >= threshold]
        return in_words(left_s) if crossed else ""


def in_words(seconds: float) -> str:
    """3 h 10 min, or 8 min."""
    hours, minutes = divmod(int(seconds) // 60, 60)
    return f"{hours} h {minutes} min" if hours else f"{minutes} min"
