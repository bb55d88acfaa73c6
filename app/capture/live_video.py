"""Pictures through FFmpeg in a process of its own: the common part of cameras and network streams."""

from __future__ import annotations

import math
import time
from typing import TYPE_CHECKING

from app.capture.decoder_messages import Picture, Recipe
from app.capture.film_decoder import FilmDecoder
from app.capture.pacer import Pacer, Ticker
from app.capture.source import SourceNotice
from core.errors import SourceError
from core.types import Frame
from core.video.chunker import ROUNDING_S

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions

SILENT_S = 4.0
"""A live stream without a new picture for this long is lost, if its pictures come more often than that."""
USUAL_SHARE = 3.0
"""One whose pictures lie further apart may be silent for this many times as long as usual."""
FIRST_S = 15.0
"""For the first picture: it may take until the next key frame."""


class LiveVideo:
    """Anything FFmpeg opens that goes on by itself, or a stored one that it fetches.

    A live one is read as fast as it comes, and what is given is its newest picture: `captured_at` is when that arrived,
    also where it is given again because no newer one has come (a source slower than the model's rate). A stored one
    can wait, and is paced by its time stamps.
    """

    context = ""
    live = True
    warning = ""

    def __init__(
        self,
        name: str,
        options: CaptureOptions,
        url: str,
        form: str | None = None,
        *,
        ffmpeg_options: dict[str, str] | None = None,
        live: bool | None = True,
    ) -> None:
        """live: None where opening it tells."""
        self.name = name
        self._options = options
        given = ffmpeg_options or {}
        recipe = Recipe(name, url, form, options=given, rate=options.rate, live=live, sound=options.sound)
        self._decoder = FilmDecoder(recipe)
        self._ticker = Ticker(options.rate)
        self._pacer = Pacer()
        self._film = self._decoder.pictures()  # where it is a stored one
        self._picture: Picture | None = None
        self._opened_at = 0.0
        self._longest_s = 0.0  # between two pictures so far
        self._first: float | None = None  # the ticker's time of the first picture
        self._sample = -1  # the last sample time of the model that has a frame

    def open(self) -> None:
        try:
            opened = self._decoder.open()
        except SourceError as error:
            raise error if error.title else self.not_opened(error.message) from error
        self._opened_at = time.monotonic()
        if opened is not None:
            self.live = not opened.stored

    def not_opened(self, why: str) -> SourceError:
        """The error for a device or an address that does not answer."""
        return SourceError("Cannot open the source", f"{self.name}: {why}")

    def read(self) -> Frame | SourceNotice | None:
        return self._read_live() if self.live else self._read_stored()

    def interrupt(self) -> None:
        self._ticker.interrupt()
        self._pacer.interrupt()
        self._decoder.interrupt()

    def close(self) -> None:
        self._decoder.close()

    def _read_stored(self) -> Frame | SourceNotice | None:
        picture = next(self._film, None)
        if picture is None:
            self.warning = self._decoder.warning
            return None
        if isinstance(picture, SourceNotice):
            self._pacer.restart()
            return picture
        if self._options.pace == "live" and not self._pacer.wait(picture.seconds):
            return None
        return Frame(picture.pixels, time.monotonic(), picture.seconds, sound=picture.sound)

    def _read_live(self) -> Frame | None:
        while (media_time := self._ticker.tick()) is not None:
            fresh = self._look()
            if self._picture is None:
                continue
            if self._first is None:
                self._first = media_time
            media_time = round((media_time - self._first) * self._options.rate) / self._options.rate
            sample = math.floor((media_time + ROUNDING_S) * self._options.fps)
            if fresh or sample > self._sample:
                self._sample = sample
                sound = self._picture.sound if fresh else None
                return Frame(self._picture.pixels, self._picture.seconds, media_time, sound=sound)
        return None

    def _look(self) -> bool:
        """Whether there is a newer picture than before. Raises SourceError when there has been none for too long."""
        before = self._picture
        answer = self._decoder.process.newest(before.number if before else 0)
        if isinstance(answer, Picture):
            if before is not None:
                self._longest_s = max(self._longest_s, answer.seconds - before.seconds)
            self._picture = answer
            return True
        if answer is not None:
            raise SourceError(answer.title, answer.why)
        silent = time.monotonic() - (before.seconds if before else self._opened_at)
        if silent > (max(SILENT_S, USUAL_SHARE * self._longest_s) if before else FIRST_S):
            raise SourceError("The source was lost", f"{self.name}: no picture for {silent:.0f} s")
        return False
