"""Qt's screens and windows as plain rectangles."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

from app.overlay.place import WindowPlace, device_rect
from app.settings import Rect


def rect_of(rect: QRect) -> Rect:
    return rect.x(), rect.y(), rect.width(), rect.height()


def usable_areas() -> list[Rect]:
    """What panels leave free of each screen, in logical pixels; the primary screen first."""
    primary = QGuiApplication.primaryScreen()
    others = [screen for screen in QGuiApplication.screens() if screen is not primary]
    return [rect_of(screen.availableGeometry()) for screen in (primary, *others)]


def publish_place(window: QWidget, place: WindowPlace) -> None:
    """Puts the window's rectangle, its frame included, into `place`; nothing while it cannot be seen."""
    if not window.isVisible() or window.isMinimized():
        place.put(None)
        return
    screen = window.screen()
    origin = screen.geometry().topLeft()
    place.put(device_rect(rect_of(window.frameGeometry()), (origin.x(), origin.y()), screen.devicePixelRatio()))
