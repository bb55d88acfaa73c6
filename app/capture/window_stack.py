"""All windows of an X11 screen in their stacking order, kept up to date by what the server tells."""

from __future__ import annotations

import contextlib
import os
from dataclasses import dataclass, field, replace
from typing import Any

from app.capture.rectangles import Rectangle
from app.capture.window_identity import IDENTIFYING, IdentityReader
from app.capture.x11_desktop import has_compositor
from app.capture.x11_windows import connected
from app.ignore_list import WindowIdentity
from core.errors import SourceError

SEARCH_DEPTH = 4
"""Windows between the screen and what a program shows: frames of the window manager."""
TELLING = ("WM_CLASS", "WM_NAME", "_NET_WM_NAME", "WM_STATE")
"""Properties of which a program's window has one at least."""
HIDING = ("_NET_WM_WINDOW_OPACITY", "_NET_WM_STATE")
"""Properties that tell whether a window hides what lies below."""
OPAQUE = 0xFFFFFFFF


@dataclass(frozen=True, slots=True)
class StackedWindow:
    """A window that lies directly on the screen: a program's, or the window manager's frame round one.

    Attributes:
        rect: in global pixels, its border included. mapped: it can be seen where nothing covers it.
        clients: ids of the programs' windows in it. identities: what they tell of themselves.
        opaque: nothing below it shows through.
        full_screen: the window manager has it fill the screen.
    """

    rect: Rectangle
    mapped: bool
    clients: tuple[int, ...] = ()
    identities: tuple[WindowIdentity, ...] = ()
    opaque: bool = False
    full_screen: bool = False


@dataclass(slots=True)
class _Known:
    windows: dict[int, StackedWindow] = field(default_factory=dict)
    order: list[int] = field(default_factory=list)  # lowest first
    stale: set[int] = field(default_factory=set)  # to be read again
    renamed: set[int] = field(default_factory=set)  # clients of which the identity is to be read again
    restacked: bool = True


class WindowStack:
    """A connection of its own. Belongs to one thread; where nothing has changed, asking takes one round trip."""

    def __init__(self) -> None:
        """Raises SourceError where there is no X server."""
        from Xlib import X

        self._display = connected()
        self._display.set_error_handler(lambda *_: None)  # a window has gone meanwhile
        self._root = self._display.screen().root
        self._reader = IdentityReader(self._display)
        self._full_screen = self._display.intern_atom("_NET_WM_STATE_FULLSCREEN")
        self._telling = {self._display.intern_atom(name) for name in TELLING}
        self._identifying = {self._display.intern_atom(name) for name in IDENTIFYING}
        self._hiding = {self._display.intern_atom(name) for name in HIDING}
        self._active_atom = self._display.intern_atom("_NET_ACTIVE_WINDOW")
        self._tops: dict[int, int] = {}  # client -> the window that it lies in
        self._known = _Known()
        self.active = 0
        self._root.change_attributes(event_mask=X.SubstructureNotifyMask | X.PropertyChangeMask)
        self._read_active()
        self.update()

    def update(self) -> bool:
        """Take in what has changed up to now. Whether anything has. Raises SourceError when the server has gone."""
        from Xlib import error

        try:
            self._display.sync()
            events = self._display.pending_events()
            for _ in range(events):
                self._take(self._display.next_event())
            changed = events > 0 or self._known.restacked or bool(self._known.stale)
            if self._known.restacked:
                self._read_order()
            for number in list(self._known.stale):
                self._read(number)
            self._read_identities()
            return changed
        except (error.ConnectionClosedError, OSError) as gone:
            raise SourceError("The screen was lost", "the display server has gone") from gone

    def topmost_first(self) -> list[StackedWindow]:
        """As of the last `update`."""
        windows = self._known.windows
        return [windows[number] for number in reversed(self._known.order) if number in windows]

    def of_client(self, number: int) -> StackedWindow | None:
        """The one with that program's window in it."""
        return self._known.windows.get(self._tops.get(number, number))

    @property
    def composited(self) -> bool:
        """Whether something may draw windows translucent."""
        return has_compositor(self._display)

    def close(self) -> None:
        from Xlib import error

        with contextlib.suppress(error.ConnectionClosedError, OSError):  # the display server has gone first
            self._display.close()

    # What the server tells

    def _take(self, event: Any) -> None:
        from Xlib import X

        known = self._known
        if event.type == X.PropertyNotify:
            if event.atom == self._active_atom:
                self._read_active()
            elif event.atom in self._identifying:
                known.renamed.add(event.window.id)
            elif event.atom in self._hiding:
                known.stale.add(self._tops.get(event.window.id, event.window.id))
            return
        known.restacked = True
        window = getattr(event, "window", None)
        if window is None or event.type == X.DestroyNotify:
            return
        if event.type == X.ConfigureNotify and window.id in known.windows:
            border = 2 * event.border_width
            rect = (event.x, event.y, event.width + border, event.height + border)
            known.windows[window.id] = replace(known.windows[window.id], rect=rect)
        elif event.type == X.UnmapNotify and window.id in known.windows:
            known.windows[window.id] = replace(known.windows[window.id], mapped=False)
        else:
            known.stale.add(window.id)
            if event.type == X.ReparentNotify:  # into one of those in which nothing was found
                known.stale |= {number for number, each in known.windows.items() if each.clients == (number,)}

    def _read_order(self) -> None:
        known = self._known
        known.restacked = False
        known.order = [window.id for window in self._root.query_tree().children]
        there = set(known.order)
        known.stale |= there - set(known.windows)
        for number in set(known.windows) - there:
            for client in known.windows.pop(number).clients:
                self._tops.pop(client, None)
        known.stale &= there

    def _read(self, number: int) -> None:
        """One window anew. A mapped one in which nothing was found is read again next time: it is being made."""
        from Xlib import X, error

        window = self._display.create_resource_object("window", number)
        try:
            shape = window.get_geometry()
            attributes = window.get_attributes()
            border = 2 * shape.border_width
            rect = (shape.x, shape.y, shape.width + border, shape.height + border)
            drawn = attributes.win_class == X.InputOutput
            found = StackedWindow(rect, attributes.map_state == X.IsViewable and drawn)
            if drawn:
                found = self._with_clients(window, found, shape.depth)
        except error.XError:  # it has gone meanwhile
            self._known.windows.pop(number, None)
            self._known.stale.discard(number)
            return
        self._known.windows[number] = found
        for client in found.clients:
            self._tops[client] = number
        if found.identities or not found.mapped:
            self._known.stale.discard(number)

    def _with_clients(self, window: Any, found: StackedWindow, depth: int) -> StackedWindow:
        from Xlib import X

        clients = self._clients(window, SEARCH_DEPTH) or [window]
        for client in (window, *clients):
            client.change_attributes(event_mask=X.PropertyChangeMask)
        identities = tuple(self._reader.read(client) for client in clients)
        opaque = depth != 32 and not self._lets_through([window, *clients])
        full_screen = any(self._fills_screen(client) for client in clients)
        numbers = tuple(client.id for client in clients)
        return replace(found, clients=numbers, identities=identities, opaque=opaque, full_screen=full_screen)

    def _read_identities(self) -> None:
        from Xlib import error

        for client in self._known.renamed:
            top = self._tops.get(client, client)
            found = self._known.windows.get(top)
            if found is None or client not in found.clients:
                continue
            place = found.clients.index(client)
            with contextlib.suppress(error.XError):  # it has gone meanwhile
                identity = self._reader.read(self._display.create_resource_object("window", client))
                identities = (*found.identities[:place], identity, *found.identities[place + 1 :])
                self._known.windows[top] = replace(found, identities=identities)
        self._known.renamed.clear()

    def _clients(self, window: Any, depth: int) -> list[Any]:
        """What lies in it and says anything of itself: the windows of programs."""
        from Xlib import error

        with contextlib.suppress(error.XError):
            if not self._telling.isdisjoint(window.list_properties()):
                return [window]
            if depth:
                return [found for child in window.query_tree().children for found in self._clients(child, depth - 1)]
        return []

    def _lets_through(self, windows: list[Any]) -> bool:
        """Whether it is shaped or translucent, or one of ours, which pictures show what lies beneath of."""
        if any(self._reader.process_id(window) == os.getpid() for window in windows[1:]):
            return True
        if any(self._reader.number(window, "_NET_WM_WINDOW_OPACITY") not in (0, OPAQUE) for window in windows):
            return True
        if not self._display.has_extension("SHAPE"):
            return False
        return any(self._shaped(window) for window in windows)

    def _shaped(self, window: Any) -> bool:
        return bool(window.shape_query_extents().bounding_shaped)

    def _fills_screen(self, client: Any) -> bool:
        from Xlib import X

        found = client.get_full_property(self._display.intern_atom("_NET_WM_STATE"), X.AnyPropertyType)
        return found is not None and self._full_screen in list(found.value)

    def _read_active(self) -> None:
        """Which window has the keyboard, as the window manager tells it."""
        self.active = self._reader.number(self._root, "_NET_ACTIVE_WINDOW")
        self._known.restacked = True
