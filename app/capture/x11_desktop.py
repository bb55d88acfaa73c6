"""What runs on an X11 desktop: a compositor, a window manager."""

from __future__ import annotations

from typing import Any


def has_compositor(display: Any) -> bool:
    """Whether something owns the compositing of the first screen."""
    from Xlib import X

    return display.get_selection_owner(display.intern_atom("_NET_WM_CM_S0")) != X.NONE


def window_manager(display: Any) -> str:
    """The name of the window manager of the first screen; "" when there is none."""
    from Xlib import X, Xatom, error

    root = display.screen().root
    try:
        found = root.get_full_property(display.intern_atom("_NET_SUPPORTING_WM_CHECK"), Xatom.WINDOW)
        if found is None:
            return ""
        checked = display.create_resource_object("window", int(found.value[0]))
        name = checked.get_full_property(display.intern_atom("_NET_WM_NAME"), X.AnyPropertyType)
    except error.XError:  # one that has died and left its mark
        return ""
    return bytes(name.value).decode("utf-8", "replace") if name is not None else "unnamed"
