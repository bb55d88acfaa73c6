"""A programme that is made anew from a seed, as a source."""

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
    from core.programmes.programme import Episode


class ProgrammeSource:
    """An endless episode, the same for the same seed.

    At pace live it runs with real time and skips the pictures it cannot draw in time; at pace max it draws exactly
    the sample times.
    """

    warning = ""
    live = False  # it waits until the model is ready

    def __init__(self, name: str, programme: str, seed: int, options: CaptureOptions, *, begin_s: float = 0.0) -> None:
        """name: what a person calls it. programme: in the catalogue. begin_s: the time of the first picture."""
        self.name = name
        self._programme = programme
        self._seed = seed
        self._begin_s = begin_s
        self._options = options
        self._ticker = Ticker(options.rate)
        self._samples = itertools.count()
        self._interrupted = threading.Event()

    @cached_property
    def episode(self) -> Episode:
        """The episode itself, started when first needed."""
        from core.programmes.catalogue import find

        return find(self._programme).start(self._seed, self._options.scoreboard)

    @property
    def context(self) -> str:
        return self.episode.context

    def open(self) -> None:
        """The first picture takes longest; it should not be late."""
        self.episode.frame(self._begin_s)

    def read(self) -> Frame | None:
        media_time = self._ticker.tick() if self._options.pace == "live" else next(self._samples) / self._options.fps
        if media_time is None or self._interrupted.is_set():
            return None
        captured_at = time.monotonic()
        return Frame(self.episode.frame(self._begin_s + media_time), captured_at, media_time)

    def interrupt(self) -> None:
        self._interrupted.set()
        self._ticker.interrupt()

    def close(self) -> None:
        if "episode" in self.__dict__:  # it was started
            self.episode.close()
