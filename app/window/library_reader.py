"""Bringing the library's index up to date in a thread of its own."""

from __future__ import annotations

import logging
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QObject

from app.library.library import Library
from app.translation import tr
from app.window.reader import Reader
from core.errors import CourtsideError

log = logging.getLogger(__name__)


class LibraryReader(Reader):
    """Reads what has changed on the disk, when asked; `read` gives one sentence for each thing to be told (a list)."""

    def __init__(self, root: Path, parent: QObject | None = None) -> None:
        super().__init__(self._told, parent)
        self._root = root
        self._before: deque[Callable[[], object]] = deque()

    def start_after(self, work: Callable[[], object]) -> None:
        """Reads after `work`, which runs in the thread, too, and may raise CourtsideError."""
        self._before.append(work)
        self.start()

    def _told(self) -> list[str]:
        told = []
        while self._before:
            try:
                self._before.popleft()()
            except CourtsideError as error:
                told.append(str(error))
        return told + self._update()

    def _update(self) -> list[str]:
        try:
            with closing(Library(self._root)) as library:
                library.update()
                return library.notes
        except CourtsideError as error:
            return [str(error)]
        except sqlite3.Error as error:
            log.error("the library could not be read", exc_info=error)
            return [tr("The library cannot be read: {error}").format(error=error)]
