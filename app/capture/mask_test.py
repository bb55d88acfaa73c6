"""Whether our own windows really stay out of pictures of the screen, tried with a patch of a colour of its own."""

from __future__ import annotations

import os
import random
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from enum import Enum
from typing import TYPE_CHECKING, Any

from app.capture.screen import ScreenSource
from app.capture.source import CaptureOptions, OwnWindows, Rectangle
from app.capture.source_kind import Check
from app.ignore_list import IgnoreList
from core.errors import SourceError
from core.types import Frame

if TYPE_CHECKING:
    import numpy as np

Colour = tuple[int, int, int]
APPEARS_S = 1.0
"""How long a compositor may take to show it."""
LOOKS = 3
RATE = 60.0
FEWEST_PIXELS = 16
PATCH_SIDE = 24
NAME = "Own windows"


class MaskVerdict(Enum):
    """What a test has found; the value is what it means."""

    KEPT_OUT = "own windows are kept out of the picture"
    SHOWN = "own windows are in the picture"
    NOT_SEEN = "the marker never came up on the screen"


def marker_colour() -> Colour:
    """One that nothing on the screen is likely to have."""
    number = random.SystemRandom().randrange(1 << 24)
    return (number >> 16, number >> 8 & 255, number & 255)


def tried(colour: Colour, area: Rectangle, own_windows: OwnWindows, stop: threading.Event) -> MaskVerdict:
    """Looks at an area, in global pixels, in which one of our windows shows a patch of that colour: as it is, until the
    patch is there, and then as the model gets it. Raises SourceError."""
    if not _comes_up(colour, area, stop):
        return MaskVerdict.NOT_SEEN
    with _looking(area, own_windows) as look:
        shown = [_holds(look(), colour) for _ in range(LOOKS)]
    return MaskVerdict.SHOWN if any(shown) else MaskVerdict.KEPT_OUT


def _comes_up(colour: Colour, area: Rectangle, stop: threading.Event) -> bool:
    with _looking(area, None) as look:
        end = time.monotonic() + APPEARS_S  # once what looks has been loaded
        while time.monotonic() < end and not stop.is_set():
            if _holds(look(), colour):
                return True
    return False


@contextmanager
def _looking(area: Rectangle, own_windows: OwnWindows | None) -> Iterator[Callable[[], np.ndarray]]:
    """Gives pictures of the area, as the stream's own source does, of which none is kept."""
    options = CaptureOptions(RATE, preview_fps=RATE, own_windows=own_windows, ignored=lambda: IgnoreList((), (), ()))
    with closing(ScreenSource(options, region=area)) as source:
        source.open()

        def look() -> np.ndarray:
            taken = source.read()
            assert isinstance(taken, Frame)
            return taken.image

        yield look


def _holds(picture: np.ndarray, colour: Colour) -> bool:
    return int((picture == colour).all(axis=2).sum()) >= FEWEST_PIXELS


def checks() -> list[Check]:
    """The same for `courtside doctor`, which shows a small patch for a moment."""
    if sys.platform != "linux" or not os.environ.get("DISPLAY"):
        return []
    colour = marker_colour()
    try:
        with _patch(colour) as area:
            verdict = tried(colour, area, lambda: [area], threading.Event())
    except (SourceError, ImportError) as error:
        return [Check(NAME, "limited", f"not tried: {error}")]
    if verdict is MaskVerdict.KEPT_OUT:
        return [Check(NAME, "ok", verdict.value)]
    fix = "put the captions where nothing is captured, or capture a window"
    return [Check(NAME, "limited", verdict.value, fix if verdict is MaskVerdict.SHOWN else "")]


@contextmanager
def _patch(colour: Colour) -> Iterator[Rectangle]:
    """A window of this process in one corner, over all others."""
    from Xlib import X, Xatom

    from app.capture.x11_windows import connected

    with closing(connected()) as display:
        screen = display.screen()
        pixel = colour[0] << 16 | colour[1] << 8 | colour[2]
        area = (0, 0, PATCH_SIDE, PATCH_SIDE)
        window: Any = screen.root.create_window(
            *area, 0, screen.root_depth, X.InputOutput, background_pixel=pixel, override_redirect=True
        )
        window.change_property(display.intern_atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [os.getpid()])
        window.map()
        window.configure(stack_mode=X.Above)
        display.sync()
        try:
            yield area
        finally:
            window.destroy()
            display.sync()
