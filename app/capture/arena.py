"""The bundled demo match as a source."""

from __future__ import annotations

import time
from functools import cached_property
from typing import TYPE_CHECKING

from app.capture.pacer import Pacer
from core.types import Frame

if TYPE_CHECKING:
    from app.capture.source import Wish
    from core.arena.arena import Arena


class ArenaSource:
    """An endless football match, the same for the same seed.

    At pace live it runs with real time and skips the pictures it cannot draw in time; at pace max it draws exactly
    the sample times.
    """

    warning = ""

    def __init__(self, seed: int, wish: Wish) -> None:
        self.name = f"arena:{seed}"
        self.live = wish.pace == "live"
        self._seed = seed
        self._wish = wish
        self._pacer = Pacer()
        self._next = 0

    @cached_property
    def arena(self) -> Arena:
        """The match itself, made when first needed."""
        from core.arena.arena import Arena

        return Arena(self._seed, scoreboard=self._wish.scoreboard)

    @property
    def context(self) -> str:
        return self.arena.context

    def open(self) -> None:
        self._next = 0

    def read(self) -> Frame | None:
        rate = self._wish.rate
        if self.live:
            self._next = max(self._next, self._pacer.overdue(rate))
        media_time = self._next / rate
        if self._pacer.interrupted or (self.live and not self._pacer.wait(media_time)):
            return None
        self._next += 1
        captured_at = time.monotonic()
        return Frame(self.arena.frame(media_time), captured_at, media_time)

    def interrupt(self) -> None:
        self._pacer.interrupt()

    def close(self) -> None:
        pass
