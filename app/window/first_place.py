"""Where the main window opens."""

from __future__ import annotations

from app.overlay.place import default_band
from app.settings import Rect
from app.window.own_window import MARGIN, SPACING
from app.window.screen_keeper import TITLE_BAR

MIN_SIZE = (480, 440)
FIRST_SIZE = (1180, 700)


def first_rect(screen: Rect) -> Rect:
    """Where the window opens for the first time: in the middle of what the captions leave free."""
    left, top, width, _ = screen
    free = default_band(screen)[1] - top - TITLE_BAR - SPACING
    size = min(FIRST_SIZE[0], width - 2 * MARGIN), max(MIN_SIZE[1], min(FIRST_SIZE[1], free))
    return left + (width - size[0]) // 2, top + TITLE_BAR + max(0, free - size[1]) // 2, *size
