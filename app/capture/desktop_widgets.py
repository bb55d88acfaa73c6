"""The two windows of a performed desktop session that no toolkit has ready: a plot and a player."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPen
from PySide6.QtWidgets import QWidget

from core.programmes.desktop.contents import curve
from core.programmes.desktop.state import Screen
from core.programmes.desktop.theme import Theme


class Plot(QWidget):
    """The curve and its limit."""

    def __init__(self, screen: Screen, seed: int, theme: Theme, clock: Callable[[], float]) -> None:
        super().__init__()
        self._screen = screen
        self._seed = seed
        self._theme = theme
        self._clock = clock
        self.startTimer(80)

    def timerEvent(self, event: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        now = self._clock()
        painter = QPainter(self)
        painter.fillRect(self.rect(), QColor(*self._theme.paper))
        middle = self.height() / 2
        painter.setPen(QPen(QColor(205, 40, 45), 2))
        painter.drawLine(0, round(middle), self.width(), round(middle))
        painter.setPen(QPen(QColor(*self._theme.accent), 3))
        before = None
        for number in range(73):
            value = curve(self._screen, self._seed, now - 24.0 * (1 - number / 72))
            point = round((self.width() - 8) * number / 72), round(middle - value * (middle - 8))
            if before is not None:
                painter.drawLine(*before, *point)
            before = point


class Player(QWidget):
    """Moving bars."""

    def __init__(self, seed: int, theme: Theme) -> None:
        super().__init__()
        self._seed = seed
        self._theme = theme
        self.startTimer(80)

    def timerEvent(self, event: object) -> None:
        self.update()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), Qt.GlobalColor.black)
        for bar in range(14):
            loud = 0.5 + 0.5 * math.sin(time.monotonic() * (1.2 + bar % 5 * 0.4) + bar * 1.7 + self._seed % 11)
            height = round(loud * (self.height() - 20))
            left = 10 + bar * (self.width() - 20) // 14
            painter.fillRect(left, self.height() - 10 - height, 9, height, QColor(*self._theme.accent))
