"""A stored film's pictures, from one decoder's process after the other: what ends one costs the place alone."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import replace

from app.capture.decoder_messages import Opened, Picture, Recipe
from app.capture.decoder_process import DecoderDied, DecoderHung, DecoderProcess
from app.capture.source import SourceNotice
from core.errors import SourceError

MOST_DEATHS = 5
"""Without a picture between them, before the film is given up."""
FIRST_STEP_S = 0.5
"""How far behind the last picture the next process begins at least; twice as far after each death."""


class FilmDecoder:
    """Belongs to the capture thread; `interrupt` may come from any thread.

    Attributes:
        warning: after the last picture, why there were no more of them ("" when all is well).
    """

    def __init__(self, recipe: Recipe) -> None:
        self.warning = ""
        self._recipe = recipe
        self._process = DecoderProcess(recipe)
        self._lock = threading.Lock()
        self._interrupted = False
        self._at = recipe.begin_s  # of the last picture
        self._deaths = 0  # since then, hangs too
        self._how = DecoderDied.how

    @property
    def process(self) -> DecoderProcess:
        """The one at work."""
        return self._process

    def open(self) -> Opened | None:
        """Start the first process. None when interrupted. Raises SourceError."""
        return self._process.open()

    def pictures(self) -> Iterator[Picture | SourceNotice]:
        """All pictures in order, and a notice where some are missing, until the end or an interrupt.

        Raises SourceError for a film of which there is no picture; a later fault ends it and is told in `warning`.
        """
        seen = False
        while True:
            try:
                for picture in self._process.pictures():
                    if self._deaths:
                        yield self._gap(picture.seconds)
                    seen = True
                    self._deaths = 0
                    self._at = picture.seconds
                    yield picture
                self.warning = self._process.warning
                return
            except SourceError as error:
                fault = error
            if isinstance(fault, DecoderHung) and not self._deaths:  # long before the next picture
                hung = f"{self._recipe.name}: the decoder hangs at {self._at:.1f} s; starting another one"
                yield SourceNotice("The decoder hangs", hung, self._at, lost=True)
            if not self._goes_on(fault, seen=seen):
                return

    def interrupt(self) -> None:
        """End every wait, now and later."""
        with self._lock:
            self._interrupted = True
            self._process.interrupt()

    def close(self) -> None:
        """End the process at once."""
        self._process.close()

    def _goes_on(self, error: SourceError, *, seen: bool) -> bool:
        """Whether another process has been started behind the place. Raises `error` where nothing was ever seen."""
        while isinstance(error, DecoderDied) and self._deaths < MOST_DEATHS - 1:
            self._deaths += 1
            self._how = error.how
            try:
                return self._start_behind(math.ceil(self._at + FIRST_STEP_S * 2 ** (self._deaths - 1)))
            except SourceError as another:
                error = another
        if not seen:
            raise error
        if isinstance(error, DecoderDied):
            tried = f"{MOST_DEATHS} times at {self._at:.1f} s: what follows cannot be decoded"
            self.warning = f"{self._recipe.name}: its decoder {error.how} {tried}"
        else:
            self.warning = f"{self._recipe.name}: its decoder {self._how} at {self._at:.1f} s, and nothing follows"
        return False

    def _start_behind(self, begin_s: float) -> bool:
        """False when interrupted. Raises SourceError."""
        self._process.close()
        with self._lock:
            self._process = DecoderProcess(replace(self._recipe, begin_s=begin_s, live=False))
            if self._interrupted:
                return False
        return self._process.open() is not None

    def _gap(self, begin_s: float) -> SourceNotice:
        went_on = f"{self._recipe.name}: the decoder {self._how} at {self._at:.1f} s; going on at {begin_s:.1f} s"
        return SourceNotice(f"The decoder {self._how}", went_on, self._at, lost=True)
