"""Thumbnails once a second, from a thread of their own."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal

from app.capture.source import CaptureExclusions
from core.errors import SourceError

EVERY_S = 1.0


class ThumbnailFeed(QObject):
    """Runs from `start` to `close`.

    Signals:
        found: a list of `app.capture.thumbnails.Thumbnail`. failed: a SourceError, after which nothing more comes.
    """

    found = Signal(object)
    failed = Signal(object)

    def __init__(self, exclusions: CaptureExclusions, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._exclusions = exclusions
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="thumbnails", daemon=True)

    def start(self) -> None:
        self._thread.start()

    def close(self) -> None:
        """Waits until it has ended."""
        self._stop.set()
        if self._thread.ident is not None:
            self._thread.join()

    def _run(self) -> None:
        from app.capture.thumbnails import Thumbnails

        try:
            thumbnails = Thumbnails(self._exclusions)
        except SourceError as error:
            self._say(self.failed.emit, error)
            return
        try:
            while not self._stop.is_set():
                self._say(self.found.emit, thumbnails.look(lambda: not self._stop.is_set()))
                self._stop.wait(EVERY_S)
        except SourceError as error:
            self._say(self.failed.emit, error)
        finally:
            thumbnails.close()

    def _say(self, emit: Callable[[object], None], what: object) -> None:
        if not self._stop.is_set():
            emit(what)
