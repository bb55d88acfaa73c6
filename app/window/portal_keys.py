"""Keys that reach Courtside while another program has the keyboard, on Wayland."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping

from PySide6.QtCore import QObject, Signal

from app.portal.global_shortcuts import GlobalShortcuts
from app.remote.keys import Combination
from core.errors import PortalError

INSTEAD = "bind “courtside ctl pause”, “ctl panic” and so on to keys in the desktop's own settings"


class PortalKeys(QObject):
    """Has the desktop hold the keys for as long as it is open. A thread talks to it: it may have to ask somebody.

    Attributes:
        refused: always empty: what the desktop refuses is known later, and told by `trouble`.

    Signals:
        trouble: why there are no keys, and what to do instead.
        held: what the desktop holds, one text an action.
    """

    trouble = Signal(str)
    held = Signal(list)
    _pressed = Signal(str)

    def __init__(self, pressed: Callable[[str], object], parent: QObject | None = None) -> None:
        """`pressed` gets the action of a key, in the GUI thread."""
        super().__init__(parent)
        self.refused: list[str] = []
        self._do = pressed
        self._pressed.connect(self._hear)  # from the thread into the GUI thread
        self._shortcuts: GlobalShortcuts | None = None
        self._thread: threading.Thread | None = None

    def open(self, keys: Mapping[Combination, str]) -> None:
        """Has these combinations held from now on, instead of those before."""
        self.close()
        if not keys:
            return
        self._shortcuts = GlobalShortcuts()
        self._thread = threading.Thread(target=self._hold, args=[self._shortcuts, dict(keys)], name="portal keys")
        self._thread.start()

    def close(self) -> None:
        """Lets all of them go."""
        if self._thread is None or self._shortcuts is None:
            return
        self._shortcuts.stop()
        self._thread.join()
        self._shortcuts.close()
        self._thread = None

    def _hear(self, action: str) -> None:
        self._do(action)

    def _hold(self, shortcuts: GlobalShortcuts, keys: Mapping[Combination, str]) -> None:
        try:
            shortcuts.hold(keys, self.held.emit, self._pressed.emit)
        except PortalError as error:
            self.trouble.emit(f"No global keys: {error.message}; {INSTEAD}")
