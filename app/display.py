"""Whether there is a display that windows can be opened on: Qt ends the whole program where there is none."""

from __future__ import annotations

import os
import sys
import threading

from app.portal.wayland import is_wayland
from app.x_server import x_connection
from core.errors import CourtsideError

ANSWER_S = 4.0


def prefer_xwayland() -> None:
    """On Wayland, be an X11 program where that works: only such ones can place captions and keep them over a game."""
    if is_wayland() and "QT_QPA_PLATFORM" not in os.environ and os.environ.get("DISPLAY") and not _answered():
        os.environ["QT_QPA_PLATFORM"] = "xcb"


def require_display() -> None:
    """Raises CourtsideError where an X server is named that is not there, refuses, or does not answer."""
    platform = os.environ.get("QT_QPA_PLATFORM", "xcb")
    if sys.platform != "linux" or not platform.startswith("xcb"):
        return
    name = os.environ.get("DISPLAY", "")
    if os.environ.get("WAYLAND_DISPLAY") and "QT_QPA_PLATFORM" not in os.environ:
        return
    if trouble := _answered():
        where = f"DISPLAY is {name}: {trouble}" if name else "DISPLAY is not set"
        raise CourtsideError("No display", f"{where}; start it from a desktop, or use courtside watch")


def _answered() -> str:
    """Why the X server cannot be used, "" when it can; waits no longer than it may."""
    said: list[str] = []
    asking = threading.Thread(target=lambda: said.append(_trouble()), name="display", daemon=True)
    asking.start()
    asking.join(ANSWER_S)
    return said[0] if said else "it does not answer"


def _trouble() -> str:
    """Why no connection to the X server comes about; "" when one does."""
    try:
        x_connection().close()
    except ImportError:  # then Qt has to find out
        return ""
    except CourtsideError:
        return "there is no display server, or it lets nobody in"
    return ""
