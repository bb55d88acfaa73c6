"""A window over all others that the mouse does not notice."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget


def overlay_flags() -> Qt.WindowType:
    """Frameless, always on top, without focus and not in the task bar."""
    flags = (
        Qt.WindowType.Tool
        | Qt.WindowType.FramelessWindowHint
        | Qt.WindowType.WindowStaysOnTopHint
        | Qt.WindowType.WindowDoesNotAcceptFocus
        | Qt.WindowType.NoDropShadowWindowHint
    )
    if QGuiApplication.platformName() == "xcb":
        # Window managers keep a full-screen program above "always on top", and may put a tool window into a corner.
        flags |= Qt.WindowType.BypassWindowManagerHint
    return flags


def pass_clicks_through(window: QWidget, through: bool) -> None:
    """On X11 the flag acts on the window handle, after show(), and only when it changes."""
    handle = window.windowHandle()
    if handle is None:
        return
    transparent = Qt.WindowType.WindowTransparentForInput
    if through and handle.flags() & transparent:
        handle.setFlag(transparent, False)
    handle.setFlag(transparent, through)
