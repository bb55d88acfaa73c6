"""A connection to the X server, for whoever needs more of it than Qt gives."""

from __future__ import annotations

from contextlib import suppress
from typing import Any

from core.errors import CourtsideError

TRIES = 3


def x_connection() -> Any:
    """A display of python-xlib, closed by whoever gets it. Raises CourtsideError where there is none.

    A server starts over when its last client has gone, and ends a connection that comes just then: another is made.
    """
    from Xlib import error
    from Xlib.display import Display

    try:
        for _ in range(TRIES - 1):
            with suppress(error.ConnectionClosedError):
                return Display()
        return Display()
    except (error.DisplayError, error.ConnectionClosedError, OSError) as trouble:
        raise CourtsideError("No X server", f"{trouble}; check DISPLAY and XAUTHORITY") from trouble
