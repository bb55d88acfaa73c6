"""Fetching a checkpoint from the hub in a thread, with progress, until it is there or cancelled."""

from __future__ import annotations

import logging
import threading
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from core.errors import CheckpointError, CourtsideError
from core.messages import Loading

if TYPE_CHECKING:
    from core.model.hub import Contents

log = logging.getLogger(__name__)


class ModelDownload(QObject):
    """One at a time.

    Attributes:
        name: of the one under way, "" for none.

    Signals:
        progressed: a Loading. ended: None when it is there, else the CourtsideError.
    """

    progressed = Signal(object)
    ended = Signal(object)

    def __init__(self, parent: QObject | None = None, contents: Contents | None = None) -> None:
        """contents: what is fetched of a repository; None: a checkpoint."""
        super().__init__(parent)
        self._contents = contents
        self.name = ""
        self._cancelled = threading.Event()
        self._thread: threading.Thread | None = None

    def start(self, name: str) -> None:
        """Goes on where an earlier one ended. Does nothing while one is under way."""
        if self.name:
            return
        self.name = name
        self._cancelled = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(name, self._cancelled), name="download", daemon=True)
        self._thread.start()

    def cancel(self) -> None:
        """Soon; what was fetched stays."""
        self._cancelled.set()

    def finish(self) -> None:
        """It has told its end: another one may start."""
        self.join()
        self.name = ""

    def join(self) -> None:
        if self._thread is not None:
            self._thread.join()

    def _run(self, name: str, cancelled: threading.Event) -> None:
        from core.model.hub import CHECKPOINT, HubName, fetch, parse

        try:
            place = parse(name)
            if isinstance(place, HubName):
                fetch(place, self._say, cancelled, self._contents or CHECKPOINT)
        except CourtsideError as error:
            self.ended.emit(error)
        except Exception as error:
            log.error("the download failed", exc_info=error)
            self.ended.emit(CheckpointError("Download failed", f"{type(error).__name__}: {error}"))
        else:
            self.ended.emit(None)

    def _say(self, loading: Loading) -> None:
        self.progressed.emit(loading)
