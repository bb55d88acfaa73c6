"""Small pictures of the screens and windows that can be watched."""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from app.capture.private_windows import PrivateWindows
from app.capture.rectangles import Rectangle
from app.capture.screen import monitors_of
from app.capture.source import CaptureExclusions
from core.errors import SourceError

if TYPE_CHECKING:
    import numpy as np

    from app.capture.own_window_mask import OwnWindowMask
    from app.capture.window_grabbers import PlaceGrabber, WindowGrabber
    from app.capture.x11_windows import X11Windows

WIDTH = 224
HEIGHT = 126
MOST_WINDOWS = 24
PRIVATE = "private window"
MINIMISED = "minimised, or on another workspace"


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """One thing to watch.

    Attributes:
        spec: the SOURCE of it. label: what it is called.
        picture: uint8 RGB (height, width, 3), at most WIDTH x HEIGHT; None where there is none.
        why: why there is none.
    """

    spec: str
    label: str
    picture: np.ndarray | None = None
    why: str = ""


class Thumbnails:
    """Looks at all of them in turn; belongs to one thread. What must not be watched is not shown here either."""

    def __init__(self, exclusions: CaptureExclusions) -> None:
        """Raises SourceError where no screen can be captured."""
        import mss

        from app.capture.own_window_mask import OwnWindowMask

        self._exclusions = exclusions
        self._grabbers: dict[int, WindowGrabber | PlaceGrabber] = {}
        self._windows: X11Windows | None = None
        self._private: PrivateWindows | None = None
        self._mask: OwnWindowMask | None = None
        try:
            self._screen = mss.MSS()
        except mss.ScreenShotError as error:
            raise SourceError("The screen cannot be captured", f"{error}; see courtside doctor") from error
        self._private = PrivateWindows(exclusions.ignored)
        self._mask = OwnWindowMask()
        if sys.platform == "linux":
            from app.capture.x11_windows import X11Windows

            self._windows = X11Windows()

    def look(self, wanted: Callable[[], bool] = lambda: True) -> list[Thumbnail]:
        """The screens, then the windows, topmost first; fewer when no longer wanted. Raises SourceError."""
        found = self._screens()
        titles = {} if self._windows is None else self._windows.titles()
        for number, title in list(titles.items())[:MOST_WINDOWS]:
            if not wanted():
                return found
            found.append(self._window(number, title))
        for gone in set(self._grabbers) - set(titles):
            self._grabbers.pop(gone).close()
        return found

    def close(self) -> None:
        for part in (*self._grabbers.values(), self._windows, self._private, self._mask):
            if part is not None:
                part.close()
        self._screen.close()

    def _screens(self) -> list[Thumbnail]:
        import mss

        try:
            with mss.MSS() as fresh:  # they may have changed
                monitors = monitors_of(fresh)[1:]
            return [self._monitor(number, monitor) for number, monitor in enumerate(monitors, 1)]
        except (mss.ScreenShotError, AssertionError, OSError) as error:  # the second is what mss says of a lost server
            raise SourceError("The screen was lost", "the display server has gone") from error

    def _monitor(self, number: int, monitor: dict[str, Any]) -> Thumbnail:
        import numpy as np

        area: Rectangle = (monitor["left"], monitor["top"], monitor["width"], monitor["height"])
        spec = f"screen:{number}"
        label = f"Screen {number}, {area[2]} x {area[3]}"
        if self._private is not None and self._private.on_screen(area):
            return Thumbnail(spec, label, why=PRIVATE)
        before = self._exclusions.own_windows()
        shot = self._screen.grab(dict(zip(("left", "top", "width", "height"), area, strict=True)))
        picture = np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)
        if self._private is not None and self._private.on_screen(area):
            return Thumbnail(spec, label, why=PRIVATE)
        if self._mask is not None:
            self._mask.cover(picture, area[:2], sorted({*before, *self._exclusions.own_windows()}))
        return Thumbnail(spec, label, _small(np.ascontiguousarray(picture[..., 2::-1])))

    def _window(self, number: int, title: str) -> Thumbnail:
        spec = f"window:{number:#x}"
        if self._is_private(number):
            return Thumbnail(spec, PRIVATE.capitalize(), why=PRIVATE)
        try:
            picture = self._grabbed(number)
        except SourceError as error:
            return Thumbnail(spec, title, why=error.message)
        if picture is None:
            return Thumbnail(spec, title, why=MINIMISED)
        if self._is_private(number):  # by now
            return Thumbnail(spec, PRIVATE.capitalize(), why=PRIVATE)
        return Thumbnail(spec, title, _small(picture))

    def _grabbed(self, number: int) -> np.ndarray | None:
        """uint8 RGB of a window; None where it cannot be seen. Raises SourceError when it has gone."""
        from app.capture.window_grabbers import PlaceGrabber, WindowGrabber

        assert self._windows is not None
        state = self._windows.state(number)
        if not state.viewable:
            return None
        kind = WindowGrabber if self._windows.has_compositor else PlaceGrabber
        grabber = self._grabbers.get(number)
        if grabber is None or not isinstance(grabber, kind) or grabber.size != state.rect[2:]:
            self._forget(number)
            grabber = self._grabbers[number] = kind(self._windows, number, state.rect[2:])
        try:
            return grabber.grab(state).rgb()
        except SourceError:
            self._forget(number)
            raise

    def _forget(self, number: int) -> None:
        if (grabber := self._grabbers.pop(number, None)) is not None:
            with suppress(SourceError):
                grabber.close()

    def _is_private(self, number: int) -> bool:
        return self._private is not None and self._private.is_window(number)


def _small(picture: np.ndarray) -> np.ndarray:
    """At most WIDTH x HEIGHT, of the same shape."""
    import numpy as np
    from PIL import Image

    image = Image.fromarray(picture)
    image.thumbnail((WIDTH, HEIGHT), Image.Resampling.BILINEAR, reducing_gap=1.5)
    return np.asarray(image)
