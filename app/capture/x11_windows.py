"""The windows of other programs on an X11 screen: finding one by its title, and where it is now."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from dataclasses import dataclass
from typing import Any

from app.capture.x11_desktop import has_compositor
from app.x_server import x_connection
from core.errors import CourtsideError, SourceError

NOT_HERE = "No window capture here"


@dataclass(frozen=True, slots=True)
class WindowState:
    """Where a window is and whether it can be seen.

    Attributes:
        rect: x, y, width, height of its inside, without the window manager's frame, in global pixels.
        viewable: it is neither minimised nor on another workspace.
    """

    rect: tuple[int, int, int, int]
    viewable: bool


class X11Windows:
    """A connection to the X server that knows windows. Belongs to one thread."""

    def __init__(self) -> None:
        """Raises SourceError where there is no X server."""
        self._display = connected()
        self._root = self._display.screen().root

    def close(self) -> None:
        from Xlib import error

        with contextlib.suppress(error.ConnectionClosedError):  # the display server has gone first
            self._display.close()

    def titles(self) -> dict[int, str]:
        """Windows of other programs by id, the topmost first, each with its title; those without one are left out."""
        found = {}
        for window in self._managed():
            title = self._title(window)
            if title and not self._is_ours(window):
                found[window.id] = title
        return found

    def find(self, wanted: str) -> int:
        """The window that a title, a part of one or `0xID` names; of several the topmost. Raises SourceError."""
        if wanted.lower().startswith("0x"):
            number = _hexadecimal(wanted)
            self.state(number)
            return number
        titles = self.titles()
        exact = [number for number, title in titles.items() if title == wanted]
        part = [number for number, title in titles.items() if wanted.casefold() in title.casefold()]
        if exact or part:
            return (exact or part)[0]
        there = "; ".join(titles.values()) or "none"
        hint = " (Wayland shows windows of X11 programs only)" if os.environ.get("WAYLAND_DISPLAY") else ""
        raise SourceError("No such window", f"no title has “{wanted}” in it; open are: {there}{hint}")

    def state(self, number: int) -> WindowState:
        """Raises SourceError when the window has been closed, or the X server has gone."""
        from Xlib import X, error

        window = self._window(number)
        try:
            shape = window.get_geometry()
            corner = self._root.translate_coords(window, 0, 0)
            viewable = window.get_attributes().map_state == X.IsViewable
        except error.XError as gone:
            raise SourceError("The window was closed", f"there is no window {number:#x} any more") from gone
        except (error.ConnectionClosedError, OSError) as gone:
            raise SourceError("The screen was lost", "the display server has gone") from gone
        return WindowState((corner.x, corner.y, shape.width, shape.height), viewable)

    def above(self, number: int) -> list[tuple[int, int, int, int]]:
        """Where windows lie that are over this one, frames included, in global pixels."""
        from Xlib import X, error

        top = self._top_level(number)
        children = self._root.query_tree().children
        over = [window for window in children if window.id == top]
        rects = []
        for window in children[children.index(over[0]) + 1 :] if over else []:
            with contextlib.suppress(error.XError):  # it has gone meanwhile
                attributes = window.get_attributes()
                if attributes.map_state == X.IsViewable and attributes.win_class == X.InputOutput:
                    shape = window.get_geometry()
                    border = 2 * shape.border_width
                    rects.append((shape.x, shape.y, shape.width + border, shape.height + border))
        return rects

    @property
    def has_compositor(self) -> bool:
        """Whether windows keep what is covered of them."""
        return has_compositor(self._display)

    def _window(self, number: int) -> Any:
        return self._display.create_resource_object("window", number)

    def _managed(self) -> list[Any]:
        """Windows as a window manager lists them, topmost first; without one, what lies directly on the screen."""
        from Xlib import X, Xatom, error

        listed = self._root.get_full_property(self._display.intern_atom("_NET_CLIENT_LIST_STACKING"), Xatom.WINDOW)
        if listed is not None:
            return [self._window(int(number)) for number in reversed(listed.value)]
        found = []
        for window in reversed(self._root.query_tree().children):
            with contextlib.suppress(error.XError):
                if window.get_attributes().map_state == X.IsViewable:
                    found.append(window)
        return found

    def _title(self, window: Any) -> str:
        from Xlib import X, error

        with contextlib.suppress(error.XError):
            for name in ("_NET_WM_NAME", "WM_NAME"):
                found = window.get_full_property(self._display.intern_atom(name), X.AnyPropertyType)
                if found is not None and found.value:
                    value = found.value
                    return (value if isinstance(value, str) else bytes(value).decode("utf-8", "replace")).strip()
        return ""

    def _is_ours(self, window: Any) -> bool:
        from Xlib import Xatom, error

        with contextlib.suppress(error.XError):
            found = window.get_full_property(self._display.intern_atom("_NET_WM_PID"), Xatom.CARDINAL)
            return found is not None and len(found.value) > 0 and int(found.value[0]) == os.getpid()
        return False

    def _top_level(self, number: int) -> int:
        """The window that lies directly on the screen with this one inside: the window manager's frame."""
        from Xlib import error

        window = self._window(number)
        with contextlib.suppress(error.XError):
            while (parent := window.query_tree().parent) and parent.id != self._root.id:
                window = parent
        return window.id


def connected() -> Any:
    """A connection of python-xlib. Raises SourceError where there is no X server."""
    if sys.platform != "linux" or not os.environ.get("DISPLAY"):
        raise SourceError(NOT_HERE, "windows are captured on X11 and Wayland alone; capture screen or region:X,Y,W,H")
    try:
        return x_connection()
    except CourtsideError as trouble:
        raise SourceError(NOT_HERE, trouble.message) from trouble


@contextmanager
def opened_windows() -> Iterator[X11Windows]:
    """A connection for the time of the `with` block. Raises SourceError."""
    with closing(X11Windows()) as windows:
        yield windows


def open_titles() -> list[str]:
    """The titles of the windows there are, topmost first; [] where no window can be captured."""
    try:
        with opened_windows() as windows:
            return list(dict.fromkeys(windows.titles().values()))
    except (SourceError, ImportError):
        return []


def _hexadecimal(text: str) -> int:
    try:
        return int(text, 16)
    except ValueError as error:
        raise SourceError("No such window", f"“{text}” is no number of a window, as xwininfo prints it") from error
