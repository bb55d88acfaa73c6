"""Where our windows are: the overlay's default band, how it stays on a visible screen, what captures ask. No Qt."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from app.settings import Rect

WIDTH_SHARE = 0.6
HEIGHT_SHARE = 0.15
MIN_HEIGHT = 110
MAX_HEIGHT = 150
BOTTOM_MARGIN = 48
SMALLEST = (240, 64)
MAX_SHARE = 0.5  # never near a full screen: shells hide their panels under such a window


class WindowPlace:
    """One window's rectangle in device pixels of the whole desktop, readable from any thread.

    Written by the window when it moves, shows or hides; read by the screen source before each frame.
    """

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._rect: Rect | None = None

    def put(self, rect: Rect | None) -> None:
        """`None` when the window is not on the screen."""
        with self._lock:
            self._rect = rect

    def rects(self) -> list[Rect]:
        """The (x, y, width, height) to be masked: one or none."""
        with self._lock:
            return [] if self._rect is None else [self._rect]


def default_band(screen: Rect) -> Rect:
    """The bottom centre of `screen`'s usable area."""
    x, y, width, height = screen
    band_width = round(width * WIDTH_SHARE)
    band_height = min(MAX_HEIGHT, max(MIN_HEIGHT, round(height * HEIGHT_SHARE)))
    margin = min(BOTTOM_MARGIN, height // 15)
    return x + (width - band_width) // 2, y + height - band_height - margin, band_width, band_height


def kept_visible(rect: Rect, screens: Sequence[Rect]) -> Rect:
    """`rect` moved and shrunk as little as needed to lie wholly on the screen it covers most, or on the first one."""
    screen = max(screens, key=lambda candidate: shared_area(rect, candidate))
    if not shared_area(rect, screen):
        screen = screens[0]
    x, y, width, height = screen
    band_width = min(max(rect[2], SMALLEST[0]), width)
    band_height = min(max(rect[3], SMALLEST[1]), round(height * MAX_SHARE))
    left = min(max(rect[0], x), x + width - band_width)
    top = min(max(rect[1], y), y + height - band_height)
    return left, top, band_width, band_height


def kept_whole(rect: Rect, screens: Sequence[Rect], smallest: tuple[int, int]) -> Rect:
    """A window moved and, where it is larger than the screen, shrunk to lie wholly on the one it covers most.

    On the first one where it covers none. Where not even the `smallest` size has room, its top left corner lies there.
    """
    screen = max(screens, key=lambda candidate: shared_area(rect, candidate))
    if not shared_area(rect, screen):
        screen = screens[0]
    x, y, width, height = screen
    kept_width = max(min(rect[2], width), smallest[0])
    kept_height = max(min(rect[3], height), smallest[1])
    left = max(min(rect[0], x + width - kept_width), x)
    top = max(min(rect[1], y + height - kept_height), y)
    return left, top, kept_width, kept_height


def device_rect(rect: Rect, screen_origin: tuple[int, int], scale: float) -> Rect:
    """Logical to device pixels: a screen's origin is the same in both, sizes within it are multiplied by `scale`."""
    left, top = screen_origin
    x0 = left + (rect[0] - left) * scale
    y0 = top + (rect[1] - top) * scale
    x1 = x0 + rect[2] * scale
    y1 = y0 + rect[3] * scale
    floor_x = int(x0 // 1)
    floor_y = int(y0 // 1)
    return floor_x, floor_y, int(-(-x1 // 1)) - floor_x, int(-(-y1 // 1)) - floor_y


def device_point(point: tuple[int, int], screen_origin: tuple[int, int], scale: float) -> tuple[int, int]:
    """As `device_rect`, for one point."""
    left, top = screen_origin
    return round(left + (point[0] - left) * scale), round(top + (point[1] - top) * scale)


def shared_area(a: Rect, b: Rect) -> int:
    """Pixels that both cover."""
    width = min(a[0] + a[2], b[0] + b[2]) - max(a[0], b[0])
    height = min(a[1] + a[3], b[1] + b[3]) - max(a[1], b[1])
    return max(0, width) * max(0, height)
