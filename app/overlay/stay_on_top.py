"""Brings a window back over whatever came up above it: a game that goes full screen, a program that tops itself."""

from __future__ import annotations

import sys

from PySide6.QtCore import QObject, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.overlay.cover_watch import CoverWatch

EVERY_MS = 400
"""Where nothing tells of changes."""


class StayOnTop(QObject):
    """Watches while the window is shown; on X11 by what the server tells, so that a screen at rest costs nothing.

    Attributes:
        raised: how many times that was needed.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.raised = 0
        self._window = window
        self._watch = CoverWatch(self)
        self._watch.covered.connect(self._raise)
        self._timer = QTimer(self, interval=EVERY_MS)
        self._timer.timeout.connect(self._raise)

    def start(self) -> None:
        """The window is shown."""
        if QGuiApplication.platformName() == "xcb":
            self._watch.start(int(self._window.winId()))
        elif sys.platform in ("win32", "darwin"):
            self._raise()
            self._timer.start()

    def stop(self) -> None:
        """It is hidden."""
        self._timer.stop()
        self._watch.stop()

    def _raise(self) -> None:
        if self._window.isVisible():
            self.raised += 1
            self._window.raise_()
