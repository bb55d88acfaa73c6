"""A live source that is opened again, for as long as it takes, whenever it is lost."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING

from app.capture.source import SourceNotice
from app.capture.stillness import STILL_S, Stillness
from app.capture.wrapped_source import WrappedSource
from core.errors import SourceError, SourceRefused
from core.raw_picture import pixel_bytes

if TYPE_CHECKING:
    from app.capture.source import Source
    from core.types import Frame

FIRST_WAIT_S = 0.25
LONGEST_WAIT_S = 5.0
"""Between two tries; each wait is twice as long as the one before."""


class ReturningSource(WrappedSource):
    """Round a source of which every loss is mended by a new one; time goes on meanwhile.

    What cannot be opened at first is an error, as are what a stored one meets and what somebody refuses. After that
    each loss is told once, each return too. Media time runs with real time over all losses.
    """

    def __init__(self, make: Callable[[bool], Source], *, moves: bool = False) -> None:
        """make: a source that is not opened; told whether it has been open before. moves: a picture that stands is
        told of."""
        super().__init__(make(False))
        self._make = make
        self._lock = threading.Lock()
        self._interrupted = threading.Event()
        self._stillness = Stillness() if moves else None
        self._zero: float | None = None  # monotonic seconds at which media time was 0
        self._offset = 0.0
        self._lost_at: float | None = None  # monotonic
        self._open = False
        self._wait_s = FIRST_WAIT_S
        self._held: Frame | None = None

    def open(self) -> None:
        self._source.open()
        self._open = True

    def read(self) -> Frame | SourceNotice | None:
        if self._interrupted.is_set():
            return None
        if self._held is not None:
            frame = self._held
            self._held = None
            return frame
        if not self._open:
            return self._try_again()
        try:
            taken = self._source.read()
        except SourceRefused:
            raise
        except SourceError as error:
            if not self._source.live:
                raise
            return self._lose(error)
        if isinstance(taken, SourceNotice):
            return replace(taken, at=taken.at + self._offset)
        return taken if taken is None else self._arrived(taken)

    def interrupt(self) -> None:
        with self._lock:
            self._interrupted.set()
            self._source.interrupt()

    def _lose(self, error: SourceError) -> SourceNotice:
        self._source.close()
        self._open = False
        if self._lost_at is not None:  # before it had given a picture
            return SourceNotice("", "", self._now(), lost=True)
        self._lost_at = time.monotonic()
        return SourceNotice(error.title, f"{error.message}; trying until it is back", self._now(), lost=True)

    def _try_again(self) -> SourceNotice | None:
        """One try after a wait; None when interrupted."""
        if self._interrupted.wait(self._wait_s):
            return None
        self._wait_s = min(2 * self._wait_s, LONGEST_WAIT_S)
        with self._lock:
            self._source = self._make(True)
            if self._interrupted.is_set():
                return None
        try:
            self.open()
        except SourceRefused:
            raise
        except SourceError:
            self._source.close()
        return SourceNotice("", "", self._now(), lost=True)

    def _arrived(self, frame: Frame) -> Frame | SourceNotice:
        now = time.monotonic()
        if self._zero is None:
            self._zero = now - frame.media_time
        if self._lost_at is not None:
            away_s = now - self._lost_at
            self._offset = now - self._zero - frame.media_time
            self._lost_at = None
            self._wait_s = FIRST_WAIT_S
            self._held = replace(frame, media_time=frame.media_time + self._offset)
            return SourceNotice("The source is back", f"{self.name}, after {away_s:.0f} s", self._held.media_time)
        frame = replace(frame, media_time=frame.media_time + self._offset)
        return self._watched(frame, now)

    def _watched(self, frame: Frame, now: float) -> Frame | SourceNotice:
        """The frame; a notice before it when the picture has come to stand, or moves again."""
        watched = self._stillness if self._source.live else None
        told = None if watched is None else watched.look(pixel_bytes(frame.pixels), now)
        if told is None:
            return frame
        self._held = frame
        if told:
            words = f"{self.name}: the same picture for {STILL_S:.0f} s; is the camera or the sender stuck?"
            return SourceNotice("The picture stands still", words, frame.media_time, still=True)
        return SourceNotice("The picture moves again", self.name, frame.media_time)

    def _now(self) -> float:
        """Media time."""
        return 0.0 if self._zero is None else time.monotonic() - self._zero
