"""Whether a picture would show a window that must never be watched. X11 only."""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from app.capture.rectangles import Rectangle, intersection, uncovered
from app.capture.source_kind import Check
from app.capture.sway_windows import sway_windows
from app.ignore_list import IgnoreList
from app.portal.wayland import is_wayland
from core.errors import SourceError

if TYPE_CHECKING:
    from app.capture.window_stack import StackedWindow, WindowStack

NAME = "Private windows"
EVERYWHERE = (-1_000_000, -1_000_000, 3_000_000, 3_000_000)
LINGER_S = 0.5
"""For so long after it was last seen it still counts: compositors fade windows out, and new ones in over them."""


def checks() -> list[Check]:
    """Whether they are known here, for `courtside doctor`."""
    limited = "looked for on X11 and on sway only: nothing is known of them here"
    if is_wayland():
        return _wayland_checks()
    if sys.platform != "linux":
        return [Check(NAME, "limited", limited, "keep them off what is captured")]
    try:
        with closing(PrivateWindows(IgnoreList)) as private:
            seen = private.on_screen(EVERYWHERE)
    except (SourceError, ImportError):
        return [Check(NAME, "limited", limited, "log in to an X11 session")]
    return [Check(NAME, "ok", "one can be seen: no picture would be taken" if seen else "none can be seen")]


def _wayland_checks() -> list[Check]:
    """What of a shared screen is guarded, and what is not."""
    windows = sway_windows(IgnoreList)
    if windows is None:
        told = "this desktop tells no program of others' windows: a shared screen is not guarded, a locked one neither"
        return [Check(NAME, "limited", told, "share one window, or log in to an X11 session")]
    with closing(windows):
        seen = windows.private_seen(None)
    told = "one can be seen: no picture would be taken" if seen else "none can be seen"
    return [Check(NAME, "ok", f"{told}; sway tells of them, but not of a lock screen")]


class PrivateWindows:
    """Asked before a grab and after it, since windows come and go in between. Belongs to the thread that grabs.

    A window counts as covered only by windows that surely hide it: opaque, without a shape, not ours, and with a
    compositor, which may draw any other one translucent, full screen or active.
    """

    def __init__(self, ignored: Callable[[], IgnoreList]) -> None:
        """ignored: the list as it is now. Raises SourceError where there is no X server; elsewhere nothing is known."""
        self._ignored = ignored
        self._list: IgnoreList | None = None
        self._private: dict[StackedWindow, bool] = {}
        self._seen: dict[Rectangle | int, bool] = {}  # since the last change
        self._seen_at: dict[Rectangle | int, float] = {}  # monotonic
        self._stack: WindowStack | None = None
        if sys.platform == "linux":
            from app.capture.window_stack import WindowStack

            self._stack = WindowStack()

    def on_screen(self, area: Rectangle) -> bool:
        """Whether one can be seen in that part of the screen, or could a moment ago."""
        return self._remembered(area, lambda stack: self._seen_on(stack, area))

    def is_window(self, number: int) -> bool:
        """Whether that window is one, or was a moment ago."""
        return self._remembered(number, lambda stack: self._is_private(stack.of_client(number)))

    def close(self) -> None:
        if self._stack is not None:
            self._stack.close()
            self._stack = None

    def _remembered(self, what: Rectangle | int, look: Callable[[WindowStack], bool]) -> bool:
        if self._stack is None:
            return False
        ignored = self._ignored()
        if ignored != self._list:
            self._list = ignored
            self._private = {}
            self._seen = {}
        if self._stack.update():
            self._seen = {}
        if what not in self._seen:
            self._seen[what] = look(self._stack)
        now = time.monotonic()
        if self._seen[what]:
            self._seen_at[what] = now
        return now - self._seen_at.get(what, -LINGER_S) < LINGER_S

    def _seen_on(self, stack: WindowStack, area: Rectangle) -> bool:
        composited = stack.composited
        covers: list[Rectangle] = []
        for window in stack.topmost_first():
            seen = intersection(window.rect, area) if window.mapped else None
            if seen is None:
                continue
            if self._is_private(window) and uncovered(seen, covers):
                return True
            if window.opaque and (not composited or window.full_screen or stack.active in window.clients):
                covers.append(window.rect)
        return False

    def _is_private(self, window: StackedWindow | None) -> bool:
        if window is None or self._list is None:
            return False
        if window not in self._private:
            if len(self._private) > 1000:
                self._private = {}
            self._private[window] = any(self._list.matches(identity) for identity in window.identities)
        return self._private[window]
