"""Keeps a window wholly on a screen, also when screens change or go."""

from __future__ import annotations

from PySide6.QtCore import QObject, QRect, Qt, QTimer
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from app.overlay.desktop import rect_of, usable_areas
from app.overlay.place import kept_whole
from app.settings import Rect

SETTLED_MS = 300
"""After a change of screens: the window manager moves windows as well, and goes first."""
TITLE_BAR = 30
"""A guess, before the window manager has drawn one."""
FULL = Qt.WindowState.WindowMaximized | Qt.WindowState.WindowFullScreen | Qt.WindowState.WindowMinimized


class ScreenKeeper(QObject):
    """Belongs to the window that it moves."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._settled = QTimer(self, interval=SETTLED_MS, singleShot=True)
        self._settled.timeout.connect(self._keep)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._follow)
        application.screenRemoved.connect(self._settled.start)
        for screen in QGuiApplication.screens():
            self._follow(screen)

    def restore(self, rect: Rect) -> None:
        """Give the window, which is not shown yet, that rectangle, as far as it lies on a screen."""
        left, top, width, height = kept_whole(_with_title(rect, TITLE_BAR), usable_areas(), self._smallest(TITLE_BAR))
        self._window.setGeometry(left, top + TITLE_BAR, width, height - TITLE_BAR)

    def _follow(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self._settled.start)
        self._settled.start()

    def _keep(self) -> None:
        if not self._window.isVisible() or self._window.windowState() & FULL:
            return
        frame = self._window.frameGeometry()
        inside = self._window.geometry()
        title = inside.top() - frame.top()
        kept = QRect(*kept_whole(rect_of(frame), usable_areas(), self._smallest(title)))
        if kept != frame:
            edges = (
                inside.left() - frame.left(),
                title,
                inside.right() - frame.right(),
                inside.bottom() - frame.bottom(),
            )
            self._window.setGeometry(kept.adjusted(*edges))

    def _smallest(self, title: int) -> tuple[int, int]:
        size = self._window.minimumSize()
        return size.width(), size.height() + title


def _with_title(rect: Rect, title: int) -> Rect:
    return rect[0], rect[1] - title, rect[2], rect[3] + title
