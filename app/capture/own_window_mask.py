"""What lies under our own windows, so that the pictures never show the commentary itself. X11 only."""

from __future__ import annotations

import contextlib
import os
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from app.capture.pixels import blend, fill
from app.capture.rectangles import intersection, upright_parts
from app.capture.x11_desktop import has_compositor
from app.x_server import x_connection
from core.errors import CourtsideError

if TYPE_CHECKING:
    from app.capture.source import Rectangle


class OwnWindowMask:
    """Repaints rectangles of a screen picture from the windows below ours, in stacking order.

    This needs a compositor: it keeps the hidden parts of windows. Without one (or without python-xlib) the rectangle is
    filled from the rows above and below it. Belongs to one thread.

    Attributes:
        exact: whether the windows below are read, or the rectangle is only filled in.
    """

    def __init__(self) -> None:
        self._display: Any = None
        self._ours: set[int] = set()
        self.exact = False
        try:
            self._display = x_connection()
        except (CourtsideError, ImportError):
            return
        self._root = self._display.screen().root
        self.exact = has_compositor(self._display)

    def cover(self, picture: np.ndarray, origin: tuple[int, int], rectangles: Sequence[Rectangle]) -> None:
        """Repaint `rectangles` (global pixels) of a uint8 BGRX picture whose top left is at `origin`, in place."""
        height, width = picture.shape[:2]
        area = (*origin, width, height)
        ours = [common for rectangle in rectangles if (common := intersection(rectangle, area)) is not None]
        for x, y, w, h in upright_parts(ours):  # what one is filled from lies under no other
            fill(picture, x - origin[0], y - origin[1], x + w - origin[0], y + h - origin[1])
        if self.exact:
            for x, y, w, h in ours:
                left = x - origin[0]
                top = y - origin[1]
                self._paint(picture[top : top + h, left : left + w], x, y)

    def close(self) -> None:
        if self._display is None:
            return
        from Xlib import error

        with contextlib.suppress(error.ConnectionClosedError):  # the display server has gone first
            self._display.close()
        self._display = None
        self.exact = False

    def _paint(self, patch: np.ndarray, x: int, y: int) -> None:
        """Paint the background and every window that is not ours over `patch`, lowest first; (x, y) is its top left."""
        self._lay_drawable(self._background(), (0, 0), patch, x, y)
        for window in self._root.query_tree().children:
            self._paint_window(window, patch, x, y)

    def _paint_window(self, window: Any, patch: np.ndarray, x: int, y: int) -> None:
        from Xlib import X, error

        try:
            shape = window.get_geometry()
            inner = (shape.x + shape.border_width, shape.y + shape.border_width)
            if inner[0] >= x + patch.shape[1] or inner[0] + shape.width <= x:
                return
            if inner[1] >= y + patch.shape[0] or inner[1] + shape.height <= y:
                return
            if window.get_attributes().map_state == X.IsViewable and not self._is_ours(window):
                self._lay_drawable(window, inner, patch, x, y)
        except error.XError:  # the window has gone meanwhile
            return

    def _lay_drawable(self, drawable: Any, inner: tuple[int, int], patch: np.ndarray, x: int, y: int) -> None:
        """Put the part of a window or pixmap that lies over `patch` there; `inner` is its top left on the screen."""
        from Xlib import X, error

        if drawable is None:
            return
        try:
            shape = drawable.get_geometry()
            left = max(inner[0], x)
            top = max(inner[1], y)
            right = min(inner[0] + shape.width, x + patch.shape[1])
            bottom = min(inner[1] + shape.height, y + patch.shape[0])
            if right <= left or bottom <= top or shape.depth not in (24, 32):
                return
            size = (right - left, bottom - top)
            image = drawable.get_image(left - inner[0], top - inner[1], *size, X.ZPixmap, 0xFFFFFFFF)
        except error.XError:  # it has no picture: an input-only window
            return
        pixels = np.frombuffer(image.data, np.uint8).reshape(size[1], size[0], 4)
        blend(patch[top - y : bottom - y, left - x : right - x], pixels, translucent=shape.depth == 32)

    def _background(self) -> Any:
        """The wallpaper, where the root window has a property that names it."""
        from Xlib import Xatom

        found = self._root.get_full_property(self._display.intern_atom("_XROOTPMAP_ID"), Xatom.PIXMAP)
        if found is None or not len(found.value) or not found.value[0]:
            return None
        return self._display.create_resource_object("pixmap", int(found.value[0]))

    def _is_ours(self, window: Any) -> bool:
        """Whether a top window, or the one a window manager put inside it, belongs to this process."""
        if window.id not in self._ours and os.getpid() in self._owners(window, depth=2):
            self._ours.add(window.id)
        return window.id in self._ours

    def _owners(self, window: Any, depth: int) -> set[int]:
        from Xlib import Xatom

        found = window.get_full_property(self._display.intern_atom("_NET_WM_PID"), Xatom.CARDINAL)
        owners = {int(found.value[0])} if found is not None and len(found.value) else set()
        if depth and not owners:
            for child in window.query_tree().children:
                owners |= self._owners(child, depth - 1)
        return owners
