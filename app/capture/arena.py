"""The bundled demo match as a source."""

from __future__ import annotations

import itertools
import threading
import time
from functools import cached_property
from typing import TYPE_CHECKING

from app.capture.pacer import Ticker
from core.types import Frame

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions
    from core.programmes.football.programme import FootballEpisode


BEGIN_S = 1.0
"""Match time of the first picture: the kick-off follows within two seconds, and with it the first line."""


class ArenaSource:
    """An endless football match, the same for the same seed.

    At pace live it runs with real time and skips the pictures it cannot draw in time; at pace max it draws exactly
    the sample times.
    """

    warning = ""
    live = False  # the kick-off waits until the model is ready

    def __init__(self, seed: int, options: CaptureOptions) -> None:
        self.name = f"arena:{seed}"
        self._seed = seed
        self._options = options
        self._ticker = Ticker(options.rate)
        self._samples = itertools.count()
        self._interrupted = threading.Event()

    @cached_property
    def arena(self) -> FootballEpisode:
        """The match itself, made when first needed."""
        from core.programmes.football.programme import FootballEpisode

        return FootballEpisode(self._seed, scoreboard=self._options.scoreboard)

    @property
    def context(self) -> str:
        return self.arena.context

    def open(self) -> None:
        """The first picture takes longest; it should not be late."""
        self.arena.frame(BEGIN_S)

    def read(self) -> Frame | None:
        media_time = self._ticker.tick() if self._options.pace == "live" else next(self._samples) / self._options.fps
        if media_time is None or self._interrupted.is_set():
            return None
        captured_at = time.monotonic()
        return Frame(self.arena.frame(BEGIN_S + media_time), captured_at, media_time)

    def interrupt(self) -> None:
        self._interrupted.set()
        self._ticker.interrupt()

    def close(self) -> None:
        pass
