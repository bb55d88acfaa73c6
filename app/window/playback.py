"""Plays a recorded session: moves on in it as time passes, at a chosen speed."""

from __future__ import annotations

import time

from PySide6.QtCore import QObject, QTimer, Signal

TICK_MS = 40
SPEEDS = (0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 4.0)


class Playback(QObject):
    """A clock of video time that runs, stands, and can be set.

    Attributes:
        at: the second reached. speed: seconds of video time in one of real time.

    Signals:
        moved: it has run on to that second (a float). ran: whether it runs now (a bool).
    """

    moved = Signal(float)
    ran = Signal(bool)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.at = 0.0
        self.speed = 1.0
        self._end = 0.0
        self._last = 0.0
        self._timer = QTimer(self)
        self._timer.setInterval(TICK_MS)
        self._timer.timeout.connect(self._tick)

    @property
    def is_running(self) -> bool:
        return self._timer.isActive()

    def set_end(self, end: float) -> None:
        """Where it stops by itself."""
        self._end = end

    def set_at(self, at: float) -> None:
        """Goes on from there; tells nobody."""
        self.at = at

    def toggle(self) -> None:
        """Runs if it stood, from the beginning if it had reached the end; else stands."""
        if self.is_running:
            self.stop()
            return
        if self.at >= self._end:
            self.at = 0.0
        self._last = time.monotonic()
        self._timer.start()
        self.ran.emit(True)

    def stop(self) -> None:
        if self.is_running:
            self._timer.stop()
            self.ran.emit(False)

    def _tick(self) -> None:
        now = time.monotonic()
        self.at = min(self._end, self.at + (now - self._last) * self.speed)
        self._last = now
        self.moved.emit(self.at)
        if self.at >= self._end:
            self.stop()
