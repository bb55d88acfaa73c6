"""Whether this is a Wayland session, where programs see neither each other's windows nor keys."""

from __future__ import annotations

import os
import sys


def is_wayland() -> bool:
    """True also where X11 programs run in it through Xwayland."""
    return sys.platform == "linux" and bool(os.environ.get("WAYLAND_DISPLAY"))
