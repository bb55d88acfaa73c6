"""Reading something large in a thread of its own, so that no window waits for it."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Signal


class Reader(QObject):
    """Does its work when asked, and once more when asked while that is under way.

    Signals:
        read: it is done; what the work gave.
    """

    read = Signal(object)

    def __init__(self, work: Callable[[], object], parent: QObject | None = None) -> None:
        """`work` runs in the thread and must not raise."""
        super().__init__(parent)
        self._work = work
        self._lock = threading.Lock()
        self._is_wanted = False
        self._is_running = False
        self._thread: threading.Thread | None = None

    def start(self) -> None:
        """Begins soon; returns at once."""
        with self._lock:
            self._is_wanted = True
            if not self._is_running:
                self._is_running = True
                self._thread = threading.Thread(target=self._run, name="reader", daemon=True)
                self._thread.start()

    def join(self) -> None:
        """Waits until nothing is read any more."""
        if self._thread is not None:
            self._thread.join()

    def _run(self) -> None:
        while self._goes_on():
            self.read.emit(self._work())

    def _goes_on(self) -> bool:
        with self._lock:
            self._is_running = self._is_wanted
            self._is_wanted = False
            return self._is_running
