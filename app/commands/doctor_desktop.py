"""What `courtside doctor` says of the desktop that captions stand on."""

from __future__ import annotations

import os
import shutil
import sys

from app.capture.source_kind import Check
from app.portal.wayland import is_wayland
from app.x_server import x_connection
from core.errors import CourtsideError


def desktop() -> list[Check]:
    """On X11: whether captions can be translucent, and stay on top."""
    if sys.platform != "linux" or not os.environ.get("DISPLAY"):
        return []
    try:
        server = x_connection()
    except ImportError:
        return [Check("Desktop", "limited", "no python-xlib", "pip install python-xlib")]
    except CourtsideError as trouble:
        why, _, fix = trouble.message.rpartition("; ")
        return [Check("Desktop", "missing", why, fix)]
    try:
        return [_compositor(server), _window_manager(server)]
    finally:
        server.close()


def captions() -> list[Check]:
    """On Wayland: whether they can stand over everything else."""
    if not is_wayland():
        return []
    if os.environ.get("DISPLAY"):
        return [Check("Captions", "ok", "over everything else, through Xwayland")]
    why = "Wayland lets no program place a window or keep it on top: they are a window like any other"
    return [Check("Captions", "limited", why, "apt install xwayland, or show them by --page in OBS")]


def _compositor(server: object) -> Check:
    from app.capture.x11_desktop import has_compositor

    if has_compositor(server):
        return Check("Compositor", "ok", "captions are translucent; what lies under them is captured")
    why = "none: captions stand on black, and what lies under them is filled in from around"
    return Check("Compositor", "limited", why, _to_start("picom", "picom -b"))


def _window_manager(server: object) -> Check:
    from app.capture.x11_desktop import window_manager

    name = window_manager(server)
    if name:
        return Check("Window manager", "ok", name)
    return Check("Window manager", "limited", "none: captions may not stay on top", _to_start("openbox", "openbox &"))


def _to_start(package: str, command: str) -> str:
    """What is to be typed, where another of its kind would do as well."""
    return command if shutil.which(package) else f"apt install {package}, then: {command}"
