"""Notices that the screens may have changed: one has another size, or is there no more."""

from __future__ import annotations

import contextlib
import sys
import time
from typing import Any

from app.x_server import x_connection
from core.errors import CourtsideError

LOOK_S = 5.0
"""Where nothing tells of changes, how often to look."""


class LayoutWatch:
    """Asks the X server to tell; belongs to the thread that grabs the screen. Asking is a look at a socket."""

    def __init__(self) -> None:
        self._display = _listening() if sys.platform == "linux" else None
        self._look_at = time.monotonic() + LOOK_S

    def changed(self) -> bool:
        """Whether to look again. Raises OSError when the X server has gone."""
        if self._display is None:
            due = time.monotonic() >= self._look_at
            self._look_at += LOOK_S if due else 0.0
            return due
        from Xlib import error

        try:
            events = self._display.pending_events()
            for _ in range(events):
                self._display.next_event()
        except error.ConnectionClosedError as gone:
            raise OSError("the display server has gone") from gone
        return events > 0

    def close(self) -> None:
        if self._display is not None:
            from Xlib import error

            with contextlib.suppress(error.ConnectionClosedError, OSError):
                self._display.close()


def _listening() -> Any:
    """A connection of python-xlib that hears of changes; None where there is none."""
    try:
        from Xlib.ext import randr

        display = x_connection()
    except (CourtsideError, ImportError):
        return None
    if display.has_extension("RANDR"):
        root = display.screen().root
        root.xrandr_select_input(randr.RRScreenChangeNotifyMask | randr.RRCrtcChangeNotifyMask)
        display.sync()
    return display
