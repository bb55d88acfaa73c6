"""How much of one core a thread may take."""

from __future__ import annotations

import time

BURST_S = 0.5


class CoreShare:
    """Processor seconds that may be spent: a share of those that pass, and no more than a short burst at once."""

    def __init__(self, share: float) -> None:
        self._share = share
        self._credit = share * BURST_S
        self._at = time.monotonic()

    def spend(self, seconds: float) -> None:
        now = time.monotonic()
        self._credit = min(self._share * BURST_S, self._credit + self._share * (now - self._at)) - seconds
        self._at = now

    def is_left(self) -> bool:
        self.spend(0.0)
        return self._credit > 0
