"""A screen to capture where there is none: Xvfb with a window manager and something to see behind the windows."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from typing import Any

from core.errors import SourceError

SIZE = (1280, 720)
STARTS_WITHIN_S = 10.0
NEEDED = ("Xvfb", "openbox")
PANELS = ((40, 40, 420, 300, 0xD8D4CC), (760, 90, 470, 520, 0x2B2F38), (120, 430, 560, 240, 0xF4F1EA))
"""x, y, width, height and colour of what lies about on the desktop."""


@contextmanager
def some_screen(size: tuple[int, int] = SIZE, compositor: bool = False) -> Iterator[None]:
    """The screen there is; where there is none, a virtual one that DISPLAY names until the end.

    A compositor makes translucent windows translucent. Raises SourceError when what a virtual screen needs is not
    installed.
    """
    if sys.platform != "linux" or os.environ.get("DISPLAY"):
        yield
        return
    needed = (*NEEDED, "picom") if compositor else NEEDED
    missing = [program for program in needed if shutil.which(program) is None]
    if missing:
        remedy = f"{' and '.join(missing)} not found (Debian: apt install xvfb openbox picom)"
        raise SourceError("No screen here", f"{remedy}; or run this where a screen is")
    with ExitStack() as ending:
        display = _start_server(ending, size)
        ending.enter_context(_environment(DISPLAY=display, QT_QPA_PLATFORM="xcb", WAYLAND_DISPLAY=None))
        _furnish(display, ending, size)
        if compositor:
            _compose(display, ending)
        yield


@contextmanager
def _environment(**changes: str | None) -> Iterator[None]:
    """This process's environment, changed for a while; None takes a name away."""
    before = {name: os.environ.get(name) for name in changes}
    _set(changes)
    try:
        yield
    finally:
        _set(before)


def _set(names: dict[str, str | None]) -> None:
    for name, value in names.items():
        if value is None:
            os.environ.pop(name, None)
        else:
            os.environ[name] = value


def _start_server(ending: ExitStack, screen: tuple[int, int]) -> str:
    """Xvfb on a display that it finds free itself; returns its name."""
    reader, writer = os.pipe()
    size = f"{screen[0]}x{screen[1]}x24"
    with os.fdopen(reader) as answer:
        try:
            server = ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
            _start(server, ending, pass_fds=[writer])
        finally:
            os.close(writer)
        answered, _, _ = select.select([answer], [], [], STARTS_WITHIN_S)
        number = answer.readline().strip() if answered else ""
    if not number:
        raise SourceError("No screen here", "Xvfb did not start; run it by hand to see why")
    return f":{number}"


def _start(command: list[str], ending: ExitStack, **options: Any) -> None:
    """A process that ends with the stack. Ctrl-C does not reach it: what shows on the screen ends first."""
    process = subprocess.Popen(
        command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **options
    )
    ending.callback(process.wait)
    ending.callback(process.terminate)


def _furnish(name: str, ending: ExitStack, size: tuple[int, int]) -> None:
    """A desktop, and a window manager that has taken over."""
    from Xlib import X
    from Xlib.display import Display

    with closing(Display(name)) as display:
        root = display.screen().root
        _paint(display, size)
        managed = display.intern_atom("_NET_SUPPORTING_WM_CHECK")
        root.change_attributes(event_mask=X.PropertyChangeMask)
        display.sync()
        _start(["openbox", "--sm-disable"], ending)
        end = time.monotonic() + STARTS_WITHIN_S
        while root.get_full_property(managed, X.AnyPropertyType) is None:
            left = max(end - time.monotonic(), 0.0)
            if not display.pending_events() and not select.select([display], [], [], left)[0]:
                raise SourceError("No screen here", "openbox did not start; run it by hand to see why")
            while display.pending_events():
                display.next_event()


def _compose(name: str, ending: ExitStack) -> None:
    """picom, once it has taken over; it then owns a selection."""
    from Xlib.display import Display

    with closing(Display(name)) as display:
        selection = display.intern_atom("_NET_WM_CM_S0")
        _start(["picom", "--config", os.devnull, "--backend", "xrender"], ending)
        end = time.monotonic() + STARTS_WITHIN_S
        while not display.get_selection_owner(selection):
            if time.monotonic() > end:
                raise SourceError("No screen here", "picom did not start; run it by hand to see why")
            select.select([], [], [], 0.02)  # the core protocol has no event for a new owner


def _paint(display: Any, size: tuple[int, int]) -> None:
    """A slope of colour from top to bottom with some panels on it, as the root window's background."""
    screen = display.screen()
    picture = screen.root.create_pixmap(*size, screen.root_depth)
    pen = picture.create_gc()
    for y in range(size[1]):
        shade = y * 120 // size[1]
        pen.change(foreground=(30 + shade // 2) << 16 | (60 + shade) << 8 | (110 + shade))
        picture.fill_rectangle(pen, 0, y, size[0], 1)
    for x, y, width, height, colour in PANELS:
        pen.change(foreground=colour)
        picture.fill_rectangle(pen, x, y, width, height)
    screen.root.change_attributes(background_pixmap=picture)
    screen.root.clear_area()
    picture.free()
