"""Pictures that lie on the disk, played at a pace."""

from __future__ import annotations

import time
from abc import ABC, abstractmethod
from collections.abc import Iterator
from typing import TYPE_CHECKING

from app.capture.pacer import Pacer
from app.capture.source import SourceNotice
from core.types import Frame

if TYPE_CHECKING:
    import numpy as np

    from app.capture.source import CaptureOptions
    from core.raw_picture import RawPicture


class StoredSource(ABC):
    """Base of the sources that can wait: at pace live a picture comes when it is due, at pace max at once."""

    context = ""
    live = False
    warning = ""

    def __init__(self, name: str, options: CaptureOptions) -> None:
        self.name = name
        self._options = options
        self._speed = options.file_speed
        self._paced_at = self._speed  # that the pacer's clock runs at
        self._pacer = Pacer()
        self._pictures: Iterator[tuple[float, np.ndarray | RawPicture] | SourceNotice] = iter(())

    def open(self) -> None:
        self._pictures = self.pictures()

    @abstractmethod
    def pictures(self) -> Iterator[tuple[float, np.ndarray | RawPicture] | SourceNotice]:
        """(media time, picture as a frame's pixels), in order, and what is told between them. Raises SourceError."""

    def read(self) -> Frame | SourceNotice | None:
        while (picture := next(self._pictures, None)) is not None and not self._pacer.interrupted:
            if isinstance(picture, SourceNotice):
                self._pacer.restart()
                return picture
            media_time, pixels = picture
            if self._options.pace == "max" or self._is_due(media_time):
                return Frame(pixels, time.monotonic(), media_time)
        return None

    def interrupt(self) -> None:
        self._pacer.interrupt()

    def close(self) -> None:
        self._pictures = iter(())

    def _is_due(self, media_time: float) -> bool:
        """Wait until it is. False where it is not wanted any more."""
        speed = self._speed
        if speed != self._paced_at:
            self._paced_at = speed
            self._pacer.restart()
        return self._pacer.wait(media_time / speed)
