"""Tells that a screen came, went, or is another size."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QGuiApplication, QScreen


class ScreenWatch(QObject):
    """Belongs to the GUI thread.

    Signals:
        changed: the screens are not what they were.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        application = QGuiApplication.instance()
        assert isinstance(application, QGuiApplication)
        application.screenAdded.connect(self._came)
        application.screenRemoved.connect(self.changed)
        application.primaryScreenChanged.connect(self.changed)
        for screen in application.screens():
            self._follow(screen)

    def _came(self, screen: QScreen) -> None:
        self._follow(screen)
        self.changed.emit()

    def _follow(self, screen: QScreen) -> None:
        screen.availableGeometryChanged.connect(self.changed)
