"""Bringing the library's index up to date in a thread of its own, so that no window waits for a large one."""

from __future__ import annotations

import logging
import sqlite3
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from app.library.library import Library
from core.errors import CourtsideError

log = logging.getLogger(__name__)


class LibraryReader(QObject):
    """Reads what has changed on the disk, when asked.

    Signals:
        read: it has been read; one sentence for each thing that a person should know.
    """

    read = Signal(list)

    def __init__(self, root: Path, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._root = root
        self._lock = threading.Lock()
        self._wanted = False
        self._running = False
        self._before: list[Callable[[], object]] = []
        self._thread: threading.Thread | None = None

    def start(self, before: Callable[[], object] | None = None) -> None:
        """Reads once, after `before` (which may raise CourtsideError); where that is under way, once more after it."""
        with self._lock:
            self._wanted = True
            self._before += [before] if before else []
            if not self._running:
                self._running = True
                self._thread = threading.Thread(target=self._run, name="library", daemon=True)
                self._thread.start()

    def join(self) -> None:
        """Waits until nothing is read any more."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._is_wanted():
            told = self._do_what_comes_before()
            self.read.emit(told + self._read())

    def _is_wanted(self) -> bool:
        with self._lock:
            self._running = self._wanted
            self._wanted = False
            return self._running

    def _do_what_comes_before(self) -> list[str]:
        with self._lock:
            work = self._before
            self._before = []
        told = []
        for do in work:
            try:
                do()
            except CourtsideError as error:
                told.append(str(error))
        return told

    def _read(self) -> list[str]:
        try:
            with closing(Library(self._root)) as library:
                library.update()
                return library.notes
        except CourtsideError as error:
            return [str(error)]
        except sqlite3.Error as error:
            log.error("the library could not be read", exc_info=error)
            return [f"The library cannot be read: {error}"]
