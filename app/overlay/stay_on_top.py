"""Brings a window back over whatever came up above it: a game that goes full screen, a program that tops itself."""

from __future__ import annotations

import contextlib
import os
import sys
from typing import Any

from PySide6.QtCore import QObject, QSocketNotifier, QTimer
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QWidget

SOON_MS = 100
"""After the last change, so that two programs that both want to be on top do not keep each other busy."""
EVERY_MS = 400
"""Where nothing tells of changes."""


class StayOnTop(QObject):
    """Watches while the window is shown; on X11 by what the server tells, so that a screen at rest costs nothing.

    Attributes:
        raised: how many times that was needed.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.raised = 0
        self._window = window
        self._display: Any = None
        self._notifier: QSocketNotifier | None = None
        self._timer = QTimer(self, singleShot=True, interval=SOON_MS)
        self._timer.timeout.connect(self._look)

    def start(self) -> None:
        """The window is shown."""
        if QGuiApplication.platformName() != "xcb":
            self._timer.setSingleShot(False)
            self._timer.start(EVERY_MS)
        elif self._display is None:
            self._listen()
        self._look()

    def stop(self) -> None:
        """It is hidden."""
        self._timer.stop()
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._display is not None:
            from Xlib import error

            with contextlib.suppress(error.ConnectionClosedError, OSError):  # the server has gone first
                self._display.close()
            self._display = None

    def _listen(self) -> None:
        from Xlib import X, error
        from Xlib.display import Display

        try:
            self._display = Display()
        except (error.DisplayError, error.ConnectionClosedError, OSError):
            return
        self._display.set_error_handler(lambda *_: None)  # a window has gone meanwhile
        self._display.screen().root.change_attributes(event_mask=X.SubstructureNotifyMask)
        self._display.flush()
        self._notifier = QSocketNotifier(self._display.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._heard)

    def _heard(self) -> None:
        from Xlib import error

        try:
            for _ in range(self._display.pending_events()):
                self._display.next_event()
        except (error.ConnectionClosedError, OSError):
            self.stop()
            return
        if not self._timer.isActive():
            self._timer.start()

    def _look(self) -> None:
        if not self._window.isVisible():
            return
        if self._display is None:
            if sys.platform in ("win32", "darwin"):
                self._window.raise_()
            return
        if self._is_covered():
            self.raised += 1
            self._window.raise_()

    def _is_covered(self) -> bool:
        """Whether a window of another program that can be seen lies over it."""
        from Xlib import X, error

        ours = int(self._window.winId())
        try:
            tops = self._display.screen().root.query_tree().children
            place = next((place for place, top in enumerate(tops) if top.id == ours), len(tops))
            mine = self._display.create_resource_object("window", ours).get_geometry()
        except (error.XError, error.ConnectionClosedError, OSError):
            return False
        for top in tops[place + 1 :]:
            try:
                shape = top.get_geometry()
                attributes = top.get_attributes()
                seen = attributes.map_state == X.IsViewable and attributes.win_class == X.InputOutput
                if seen and _overlap(shape, mine) and not self._is_ours(top):
                    return True
            except error.XError:  # it has gone meanwhile
                continue
        return False

    def _is_ours(self, top: Any) -> bool:
        """Whether it is a menu, a list or a dialog of this program, which may lie over the captions."""
        from Xlib import X

        found = top.get_full_property(self._display.intern_atom("_NET_WM_PID"), X.AnyPropertyType)
        return found is not None and len(found.value) > 0 and int(found.value[0]) == os.getpid()


def _overlap(a: Any, b: Any) -> bool:
    across = a.x < b.x + b.width and b.x < a.x + a.width + 2 * a.border_width
    return across and a.y < b.y + b.height and b.y < a.y + a.height + 2 * a.border_width
