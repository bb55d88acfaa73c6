"""Whether translucent windows really are: on X11 only when a compositing manager runs."""

from __future__ import annotations

import logging

from PySide6.QtGui import QGuiApplication

from app.x_server import x_connection
from core.errors import CourtsideError

log = logging.getLogger(__name__)


def is_compositing() -> bool:
    """True where translucency works. Windows, macOS and Wayland always composite; X11 has a selection for it."""
    if QGuiApplication.platformName() != "xcb":
        return True
    try:
        display = x_connection()
    except CourtsideError as trouble:
        log.info("cannot ask the X server for a compositor: %s", trouble)
        return True
    try:
        selection = display.intern_atom(f"_NET_WM_CM_S{display.get_default_screen()}")
        return bool(display.get_selection_owner(selection))
    finally:
        display.close()
