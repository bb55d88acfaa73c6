"""Notices that a picture stands still."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

STILL_S = 10.0
"""A camera's noise alone changes its picture all the time."""
STEP = 4
"""Every STEP-th pixel of every STEP-th row is looked at."""


class Stillness:
    """Looks whether the pictures of a source that should move are all the same, to the last bit."""

    def __init__(self) -> None:
        self._last: np.ndarray | None = None
        self._sum = 0
        self._since = 0.0
        self._told = False

    def look(self, image: np.ndarray, now: float) -> bool | None:
        """image: uint8 (rows, width, ...), seen at `now` in seconds. True when it has just been still for STILL_S,
        False when it has just begun to move again, else None."""
        if image is self._last:
            checksum = self._sum
        else:
            checksum = zlib.crc32(image[::STEP, ::STEP].tobytes())
        first = self._last is None
        self._last = image
        if first or checksum != self._sum:
            self._sum = checksum
            self._since = now
            moves_again = self._told
            self._told = False
            return False if moves_again else None
        if not self._told and now - self._since >= STILL_S:
            self._told = True
            return True
        return None
