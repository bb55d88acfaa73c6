"""Tells that a window of another program has come to lie over one of ours. X11; asked in a thread of its own, since a
busy X server may let one wait for tens of milliseconds."""

from __future__ import annotations

import contextlib
import os
import select
import threading
from typing import Any

from PySide6.QtCore import QObject, Signal

from app.x_server import x_connection
from core.errors import CourtsideError

SOON_S = 0.1
"""After the first change, so that two programs that both want to be on top do not keep each other busy."""
END_S = 1.0
"""A server that hangs is not waited for."""


class CoverWatch(QObject):
    """Watches by what the server tells, so that a screen at rest costs nothing. `start` and `stop` in the GUI thread.

    Signals:
        covered: it does, once for each change that leaves it so.
    """

    covered = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._thread: threading.Thread | None = None
        self._wake = -1

    def start(self, window: int) -> None:
        """`window`: its number on the server."""
        if self._thread is not None:
            return
        woken, self._wake = os.pipe()
        self._thread = threading.Thread(target=self._run, args=(window, woken), name="cover watch", daemon=True)
        self._thread.start()

    def stop(self) -> None:
        if self._thread is None:
            return
        os.close(self._wake)
        self._thread.join(END_S)
        self._thread = None

    def _run(self, window: int, woken: int) -> None:
        from Xlib import error

        try:
            display = x_connection()
            try:
                self._watch(display, window, woken)
            finally:
                display.close()
        except (CourtsideError, error.ConnectionClosedError, OSError):  # the server has gone first
            pass
        finally:
            os.close(woken)

    def _watch(self, display: Any, window: int, woken: int) -> None:
        from Xlib import X

        display.set_error_handler(lambda *_: None)  # a window has gone meanwhile
        display.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask)
        display.flush()
        while True:
            if is_covered(display, window):
                self.covered.emit()
            while not _heard(display):
                if woken in select.select([display, woken], [], [])[0]:
                    return
            if select.select([woken], [], [], SOON_S)[0]:
                return
            _heard(display)


def _heard(display: Any) -> bool:
    """Takes what the server has told of changes. Whether it had."""
    told: int = display.pending_events()
    for _ in range(told):
        display.next_event()
    return told > 0


def is_covered(display: Any, window: int) -> bool:
    """Whether a window of another program that can be seen lies over it."""
    from Xlib import X, error

    try:
        tops = display.screen().root.query_tree().children
        place = next((place for place, top in enumerate(tops) if top.id == window), len(tops))
        mine = display.create_resource_object("window", window).get_geometry()
    except error.XError:
        return False
    for top in tops[place + 1 :]:
        with contextlib.suppress(error.XError):  # it has gone meanwhile
            shape = top.get_geometry()
            attributes = top.get_attributes()
            seen = attributes.map_state == X.IsViewable and attributes.win_class == X.InputOutput
            if seen and _overlap(shape, mine) and not _is_ours(display, top):
                return True
    return False


def _is_ours(display: Any, top: Any) -> bool:
    """Whether it is a menu, a list or a dialog of this program, which may lie over the captions."""
    from Xlib import X

    found = top.get_full_property(display.intern_atom("_NET_WM_PID"), X.AnyPropertyType)
    return found is not None and len(found.value) > 0 and int(found.value[0]) == os.getpid()


def _overlap(a: Any, b: Any) -> bool:
    across = a.x < b.x + b.width and b.x < a.x + a.width + 2 * a.border_width
    return across and a.y < b.y + b.height and b.y < a.y + a.height + 2 * a.border_width
