"""A stored film's pictures, from one decoder's process after the other: what ends one costs the place alone."""

from __future__ import annotations

import math
import threading
from collections.abc import Iterator
from dataclasses import replace

from app.capture.decoder_messages import Opened, Picture, Recipe
from app.capture.decoder_process import DecoderDied, DecoderHung, DecoderProcess, SourceAway
from app.capture.returning import FIRST_WAIT_S, LONGEST_WAIT_S
from app.capture.source import SourceNotice
from core.errors import SourceError

MOST_DEATHS = 5
"""Without a picture between them, before the film is given up."""
END_S = 1.0
"""One cannot jump further than so much before the end: there is something to see there."""
FIRST_STEP_S = 0.5
"""How far behind the last picture the next process begins at least; twice as far after each death."""


class FilmDecoder:
    """Belongs to the capture thread; `seek` and `interrupt` may come from any thread. A jump in the film is another
    process at another place.

    Attributes:
        duration: seconds that the film says it lasts; None where it does not, or before it is open.
        warning: after the last picture, why there were no more of them ("" when all is well).
    """

    def __init__(self, recipe: Recipe) -> None:
        self.duration: float | None = None
        self.warning = ""
        self._recipe = recipe
        self._process = DecoderProcess(recipe)
        self._lock = threading.Lock()
        self._interrupted = threading.Event()
        self._at = recipe.begin_s  # of the last picture
        self._seen = False
        self._deaths = 0  # since then, hangs too
        self._how = DecoderDied.how
        self._away = False  # the address, since then
        self._wait_s = FIRST_WAIT_S
        self._target: float | None = None  # where somebody wants to go

    @property
    def process(self) -> DecoderProcess:
        """The one at work."""
        return self._process

    @property
    def at(self) -> float:
        """The second of the last picture, or that one is on the way to. From any thread."""
        target = self._target
        return self._at if target is None else target

    def open(self) -> Opened | None:
        """Start the first process. None when interrupted. Raises SourceError."""
        opened = self._process.open()
        if opened is not None:
            self.duration = opened.duration
        return opened

    def seek(self, seconds: float) -> None:
        """Go on at that second of the film, or at the nearest there is."""
        last = float("inf") if self.duration is None else self.duration - END_S
        with self._lock:
            self._target = max(0.0, min(seconds, last))
            self._process.interrupt()

    def pictures(self) -> Iterator[Picture | SourceNotice]:
        """All pictures in order, and a notice where some are missing or passed over, until the end or an interrupt.

        An address that does not answer any more is tried until it does. Raises SourceError for a film of which there is
        no picture; a later fault ends it and is told in `warning`.
        """
        while True:
            try:
                for picture in self._process.pictures():
                    if self._target is not None:
                        break
                    if self._deaths or self._away:
                        yield self._goes_on_at(picture.seconds)
                    self._note(picture)
                    yield picture
                if self._target is None:
                    self.warning = self._process.warning
                    return
            except SourceError as error:
                fault = error
            if self._target is not None:
                if not self._jump():
                    return
                yield SourceNotice("", "", self._at, jumped=True)
                continue
            if (notice := self._lost(fault)) is not None:
                yield notice
            if not self._goes_on(fault) and self._target is None:
                return

    def interrupt(self) -> None:
        """End every wait, now and later."""
        with self._lock:
            self._interrupted.set()
            self._process.interrupt()

    def close(self) -> None:
        """End the process at once."""
        self._process.close()

    def _note(self, picture: Picture) -> None:
        """All is well up to here."""
        self._at = picture.seconds
        self._seen = True
        self._deaths = 0
        self._away = False
        self._wait_s = FIRST_WAIT_S

    def _lost(self, fault: SourceError) -> SourceNotice | None:
        """What is told long before the next picture, once."""
        if self._deaths or self._away or not self._seen:
            return None
        if isinstance(fault, SourceAway):
            return SourceNotice(fault.title, f"{fault.message}; trying until it is back", self._at, lost=True)
        if not isinstance(fault, DecoderHung):
            return None
        if self._recipe.file:
            hangs = f"{self._recipe.name}: the decoder hangs at {self._at:.1f} s; starting another one"
            return SourceNotice("The decoder hangs", hangs, self._at, lost=True)
        silent = f"{self._recipe.name}: no picture at {self._at:.1f} s; opening it again"
        return SourceNotice("The source was lost", silent, self._at, lost=True)

    def _goes_on(self, fault: SourceError) -> bool:
        """Whether another process has been started: behind the place where one died, at the place of which the address
        did not answer. Raises `fault` where nothing was ever seen."""
        begin_s = self._at + 0.5 / self._recipe.rate
        while self._may_go_on(fault):
            if isinstance(fault, DecoderDied):
                self._deaths += 1
                self._how = fault.how
                begin_s = math.ceil(self._at + FIRST_STEP_S * 2 ** (self._deaths - 1))
            elif self._interrupted.wait(self._wait()):
                return False
            try:
                return self._start_at(begin_s)
            except SourceError as another:
                fault = another
        if not self._seen:
            raise fault
        name = self._recipe.name
        if not self._deaths:  # at a place where somebody wanted to go
            self.warning = fault.message
        elif isinstance(fault, DecoderDied):
            tried = f"{MOST_DEATHS} times at {self._at:.1f} s: what follows cannot be decoded"
            self.warning = f"{name}: its decoder {fault.how} {tried}"
        else:
            self.warning = f"{name}: its decoder {self._how} at {self._at:.1f} s, and nothing follows"
        return False

    def _jump(self) -> bool:
        """Start a process where somebody wants to go; False when interrupted, or where that cannot be."""
        while (target := self._target) is not None and not self._interrupted.is_set():
            try:
                started = self._start_at(target)
            except SourceError as error:
                self.warning = error.message
                return False
            with self._lock:
                if started and self._target == target:
                    self._at = target
                    self._deaths = 0
                    self._away = False
                    self._target = None
                    return True
        return False

    def _may_go_on(self, fault: SourceError) -> bool:
        if isinstance(fault, DecoderDied):
            return self._deaths < MOST_DEATHS - 1
        not_opened = not fault.title
        return self._seen and not self._recipe.file and (not_opened or isinstance(fault, SourceAway))

    def _wait(self) -> float:
        """Seconds until the next try of an address."""
        self._away = True
        wait_s = self._wait_s
        self._wait_s = min(2 * wait_s, LONGEST_WAIT_S)
        return wait_s

    def _start_at(self, begin_s: float) -> bool:
        """False when interrupted. Raises SourceError."""
        self._process.close()
        with self._lock:
            self._process = DecoderProcess(replace(self._recipe, begin_s=begin_s, live=False))
            if self._interrupted.is_set():
                return False
        return self._process.open() is not None

    def _goes_on_at(self, begin_s: float) -> SourceNotice:
        name = self._recipe.name
        if not self._deaths or not (self._recipe.file or self._how == DecoderDied.how):
            return SourceNotice("The source is back", f"{name}: going on at {begin_s:.1f} s", self._at)
        went_on = f"{name}: the decoder {self._how} at {self._at:.1f} s; going on at {begin_s:.1f} s"
        return SourceNotice(f"The decoder {self._how}", went_on, self._at, lost=True)
