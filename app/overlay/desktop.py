"""Qt's screens and windows as plain rectangles."""

from __future__ import annotations

from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication, QScreen
from PySide6.QtWidgets import QWidget

from app.overlay.monitor_places import Monitor
from app.overlay.place import WindowPlace, device_rect
from app.settings import Rect


def rect_of(rect: QRect) -> Rect:
    return rect.x(), rect.y(), rect.width(), rect.height()


def usable_areas() -> list[Rect]:
    """What panels leave free of each screen, in logical pixels; the primary screen first."""
    return [rect_of(screen.availableGeometry()) for screen in _screens()]


def usable_monitors() -> list[Monitor]:
    """The same, each with what tells it from others: model and serial number, else its name; and its pixels."""
    return [Monitor(_key(screen), area) for screen, area in zip(_screens(), usable_areas(), strict=False)]


def _screens() -> list[QScreen]:
    """The primary one first."""
    primary = QGuiApplication.primaryScreen()
    return [primary, *(screen for screen in QGuiApplication.screens() if screen is not primary)]


def _key(screen: QScreen) -> str:
    serial = screen.serialNumber()
    name = f"{screen.manufacturer()} {screen.model()} {serial}".strip() if serial else screen.name()
    size = screen.geometry().size() * screen.devicePixelRatio()
    return f"{name} {size.width()}x{size.height()}"


def publish_place(window: QWidget, place: WindowPlace) -> None:
    """Puts the window's rectangle, its frame included, into `place`; nothing while it cannot be seen."""
    if not window.isVisible() or window.isMinimized():
        place.put(None)
        return
    frame = window.frameGeometry()
    screen = QGuiApplication.screenAt(frame.center()) or window.screen()
    scale = screen.devicePixelRatio()
    if frame != window.geometry() and scale != int(scale):  # a frame's pixels are no whole number of logical ones
        frame = frame.adjusted(-1, -1, 1, 1)
    origin = screen.geometry().topLeft()
    place.put(device_rect(rect_of(frame), (origin.x(), origin.y()), scale))
