"""Keys that reach Courtside while another program has the keyboard, on X11."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from itertools import combinations
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QSocketNotifier
from PySide6.QtGui import QGuiApplication

from app.remote.keys import KEYSYM_NAMES, Combination
from app.translation import tr
from app.x_server import x_connection
from core.errors import CourtsideError

if TYPE_CHECKING:
    from Xlib.display import Display

REPEAT_MS = 5
"""A key that is held comes as a release and, in the same millisecond of the server's, a press: nobody is so quick."""
KEYSYMS = {"Alt": "Alt_L", "Super": "Super_L"}
"""A key of each modifier that may lie on any of X11's Mod1 to Mod5."""
LOCKS = ("Num_Lock", "Scroll_Lock")

log = logging.getLogger(__name__)


class GlobalKeys(QObject):
    """Holds the keys for as long as it is open.

    Attributes:
        refused: one line for each combination that could not be had.
    """

    def __init__(self, pressed: Callable[[str], object], parent: QObject | None = None) -> None:
        """`pressed` gets the action of a key, in the GUI thread."""
        super().__init__(parent)
        self.refused: list[str] = []
        self._pressed = pressed
        self._keys: Mapping[Combination, str] = {}
        self._by_code: dict[tuple[int, int], str] = {}
        self._locks = 0  # bits that do not matter
        self._released: tuple[int, int] = (0, 0)  # the last one: its code, and the server's milliseconds
        self._display: Display | None = None
        self._notifier: QSocketNotifier | None = None

    def open(self, keys: Mapping[Combination, str]) -> None:
        """Takes these combinations from now on, instead of those before."""
        self.close()
        self._keys = keys
        if not keys or QGuiApplication.platformName() != "xcb":
            return
        try:
            self._display = x_connection()
        except CourtsideError as trouble:
            log.info("no keys from the X server: %s", trouble)
            self.refused = [tr("the X server gives no keys")]
            return
        self._grab(self._display)
        self._notifier = QSocketNotifier(self._display.fileno(), QSocketNotifier.Type.Read, self)
        self._notifier.activated.connect(self._read)

    def close(self) -> None:
        """Lets all of them go."""
        self.refused = []
        self._by_code = {}
        if self._notifier is not None:
            self._notifier.setEnabled(False)
            self._notifier.deleteLater()
            self._notifier = None
        if self._display is not None:
            self._display.close()  # which ends every grab
            self._display = None

    def _grab(self, display: Display) -> None:
        """Each combination once for every state of the locks, which X11 counts as modifiers."""
        from Xlib import X

        self._by_code = {}
        self.refused = []
        masks = _modifier_masks(display)
        lock_bits = [X.LockMask, *(masks[name] for name in LOCKS if masks.get(name))]
        self._locks = sum(set(lock_bits))
        for combination, action in self._keys.items():
            code = _keycode(display, combination.key)
            mask = sum(masks[name] for name in combination.modifiers)
            if not code:
                self.refused.append(
                    tr("{combination} ({action}): this keyboard has no key “{key}”").format(
                        combination=combination, action=action, key=combination.key
                    )
                )
            elif _grab_one(display, code, mask, sorted(set(lock_bits))):
                self._by_code[code, mask] = action
            else:
                self.refused.append(
                    tr("{combination} ({action}): another program has it; choose another one").format(
                        combination=combination, action=action
                    )
                )

    def _read(self) -> None:
        from Xlib import X

        display = self._display
        while display is not None and display.pending_events():
            event = display.next_event()
            if event.type == X.KeyPress:
                self._press(event)
            elif event.type == X.KeyRelease:
                self._released = (event.detail, event.time)
            elif event.type == X.MappingNotify:  # another keyboard or layout
                display.refresh_keyboard_mapping(event)
                if event.request != X.MappingPointer:
                    display.screen().root.ungrab_key(X.AnyKey, X.AnyModifier)
                    self._grab(display)
            display = self._display  # an action may have closed it

    def _press(self, event: Any) -> None:
        action = self._by_code.get((event.detail, event.state & 0xFF & ~self._locks))
        if action is None:
            return
        code, at = self._released
        if event.detail != code or event.time - at > REPEAT_MS:
            self._pressed(action)


def _keycode(display: Display, key: str) -> int:
    """The code of the key of that name on this keyboard, 0 where it has none."""
    from Xlib import XK

    XK.load_keysym_group("xf86")
    name = KEYSYM_NAMES.get(key, key.lower() if len(key) == 1 else key)
    keysym = XK.string_to_keysym(name) or XK.string_to_keysym(name.capitalize())
    if not keysym and len(name) == 1:
        keysym = ord(name)
    return display.keysym_to_keycode(keysym) if keysym else 0


def _modifier_masks(display: Display) -> dict[str, int]:
    """The bit of each modifier and lock on this keyboard."""
    from Xlib import XK, X

    masks = {"Ctrl": X.ControlMask, "Shift": X.ShiftMask, "Alt": X.Mod1Mask, "Super": X.Mod4Mask}
    rows = display.get_modifier_mapping()
    for name in (*KEYSYMS, *LOCKS):
        code = display.keysym_to_keycode(XK.string_to_keysym(KEYSYMS.get(name, name)))
        found = [row for row, codes in enumerate(rows) if row >= X.Mod1MapIndex and code and code in codes]
        if found:
            masks[name] = 1 << found[0]
    return masks


def _grab_one(display: Display, code: int, mask: int, locks: list[int]) -> bool:
    """Whether the key could be had, with every state of the locks."""
    from Xlib import X, error

    root = display.screen().root
    caught = error.CatchError(error.BadAccess)
    states = [mask | sum(some) for count in range(len(locks) + 1) for some in combinations(locks, count)]
    for state in states:
        root.grab_key(code, state, False, X.GrabModeAsync, X.GrabModeAsync, onerror=caught)
    display.sync()
    if not caught.get_error():
        return True
    for state in states:
        root.ungrab_key(code, state, onerror=error.CatchError(error.BadAccess))
    display.sync()
    return False
