"""Windows of an X server by their titles."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import Any

DEEP = 2
"""A window manager puts a window into one or two of its own."""


@dataclass(frozen=True, slots=True)
class TitledWindow:
    """One that can be seen.

    Attributes:
        number: its id. layer: the place of its top-level window in the stacking order, from below.
        place: x, y, width, height on the screen.
    """

    number: int
    layer: int
    place: tuple[int, int, int, int]


def titled_windows(display_name: str, title: str) -> list[TitledWindow]:
    """Those with that title, lowest first."""
    from Xlib.display import Display

    with closing(Display(display_name)) as display:
        tops = display.screen().root.query_tree().children
        return [found for layer, top in enumerate(tops) for found in _titled(display, top, title, layer, DEEP)]


def _titled(display: Any, window: Any, title: str, layer: int, depth: int) -> Iterator[TitledWindow]:
    from Xlib import X, error

    try:
        if window.get_attributes().map_state == X.IsViewable and _title(display, window) == title:
            shape = window.get_geometry()
            corner = display.screen().root.translate_coords(window, 0, 0)
            yield TitledWindow(window.id, layer, (corner.x, corner.y, shape.width, shape.height))
        children = window.query_tree().children if depth else []
    except error.XError:  # it has gone meanwhile
        return
    for child in children:
        yield from _titled(display, child, title, layer, depth - 1)


def _title(display: Any, window: Any) -> str:
    told = window.get_full_property(display.intern_atom("_NET_WM_NAME"), 0)
    return told.value.decode(errors="replace") if told is not None else str(window.get_wm_name() or "")
