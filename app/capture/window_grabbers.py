"""Two ways to the pixels of one X11 window: with a compositor, and without one."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

from core.errors import SourceError
from core.raw_picture import RawPicture

if TYPE_CHECKING:
    import numpy as np

    from app.capture.source import Rectangle
    from app.capture.x11_windows import WindowState, X11Windows

GRABBER_FPS = 1000
"""FFmpeg waits for its own frame times; ours come from a ticker."""


class WindowGrabber:
    """Reads a window of one size from the X server, the covered parts included."""

    def __init__(self, windows: X11Windows, number: int, size: tuple[int, int]) -> None:
        import av

        self.size = size
        width, height = size
        options = {
            "window_id": f"{number:#x}",
            "video_size": f"{width}x{height}",
            "framerate": str(GRABBER_FPS),
            "draw_mouse": "0",
        }
        try:
            self._container = av.open(os.environ["DISPLAY"], format="x11grab", options=options)
        except (av.error.FFmpegError, OSError, ValueError) as error:
            raise SourceError("The window cannot be captured", f"window {number:#x}: {error}") from error
        self._frames = self._container.decode(video=0)

    def grab(self, state: WindowState) -> RawPicture:
        import av

        try:
            return RawPicture(_bgrx(next(self._frames)), "bgra")
        except (StopIteration, av.error.FFmpegError) as error:
            raise SourceError("The window was lost", str(error)) from error

    def close(self) -> None:
        self._container.close()


class PlaceGrabber:
    """Grabs the place of a window on the screen and fills in what lies over it."""

    def __init__(self, windows: X11Windows, number: int, size: tuple[int, int]) -> None:
        import mss

        self.size = size
        self._windows = windows
        self._number = number
        try:
            self._screen = mss.MSS()
        except mss.ScreenShotError as error:
            raise SourceError("The window cannot be captured", f"{error}; see courtside doctor") from error

    def grab(self, state: WindowState) -> RawPicture:
        from app.capture.pixels import fill

        picture = self._on_screen(state.rect)
        for over in self._windows.above(self._number):
            left, top, right, bottom = _within(over, state.rect)
            if right > left and bottom > top:
                fill(picture, left, top, right, bottom)
        return RawPicture(picture, "bgra")

    def _on_screen(self, rect: Rectangle) -> np.ndarray:
        """uint8 BGRX (height, width, 4) of what the screen shows there, grey outside of it."""
        import mss
        import numpy as np

        from app.capture.pixels import GREY

        whole = self._screen.monitors[0]
        left, top, right, bottom = _within((whole["left"], whole["top"], whole["width"], whole["height"]), rect)
        picture = np.full((rect[3], rect[2], 4), GREY, np.uint8)
        if right <= left or bottom <= top:
            return picture
        area = {"left": rect[0] + left, "top": rect[1] + top, "width": right - left, "height": bottom - top}
        try:
            shot = self._screen.grab(area)
        except (mss.ScreenShotError, AssertionError) as error:  # the latter is what mss says of a lost server
            raise SourceError("The window was lost", str(error)) from error
        picture[top:bottom, left:right] = np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)
        return picture

    def close(self) -> None:
        self._screen.close()


def _bgrx(frame: Any) -> np.ndarray:
    """uint8 (height, width, 4) over the bytes of a PyAV frame, where it is of that kind: with 24 or 32 bits a pixel."""
    import numpy as np

    if frame.format.name not in ("bgr0", "bgra"):
        return np.ascontiguousarray(frame.to_ndarray(format="bgra"))
    plane = frame.planes[0]
    rows = np.frombuffer(plane, np.uint8).reshape(-1, plane.line_size)[: frame.height, : 4 * frame.width]
    return np.ascontiguousarray(rows).reshape(frame.height, frame.width, 4)


def _within(inner: Rectangle, outer: Rectangle) -> tuple[int, int, int, int]:
    """left, top, right, bottom of what `inner` covers of `outer`, in its own pixels; empty when left >= right."""
    left = max(inner[0] - outer[0], 0)
    top = max(inner[1] - outer[1], 0)
    right = min(inner[0] + inner[2] - outer[0], outer[2])
    bottom = min(inner[1] + inner[3] - outer[1], outer[3])
    return left, top, right, bottom
