"""Ctrl-C in the terminal, SIGTERM and a terminal that closes close the window as a click does."""

from __future__ import annotations

import signal
import socket
from collections.abc import Callable

from PySide6.QtCore import QObject, QSocketNotifier

from core.parent_process import ending_signals


class Interrupts(QObject):
    """Wakes Qt's event loop when a signal arrives, which Python alone would only notice at the next line it runs."""

    def __init__(self, react: Callable[[], object], parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._react = react
        self._here, self._there = socket.socketpair()
        self._there.setblocking(False)
        self._before = {number: signal.signal(number, lambda *_: None) for number in ending_signals()}
        self._wakeup_before = signal.set_wakeup_fd(self._there.fileno(), warn_on_full_buffer=False)
        self._notifier = QSocketNotifier(self._here.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._arrived)

    def restore(self) -> None:
        """Gives the signals back to whoever had them before."""
        self._notifier.setEnabled(False)
        signal.set_wakeup_fd(self._wakeup_before)
        for number, handler in self._before.items():
            signal.signal(number, handler)
        self._here.close()
        self._there.close()

    def _arrived(self) -> None:
        self._here.recv(64)
        self._react()
