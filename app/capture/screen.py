"""A screen, or a part of it, as a source."""

from __future__ import annotations

import contextlib
import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np

from app.capture.pacer import Ticker
from core.errors import SourceError
from core.types import Frame

if TYPE_CHECKING:
    from app.capture.own_window_mask import OwnWindowMask
    from app.capture.source import CaptureOptions, Rectangle


class ScreenSource:
    """Grabs a monitor, or a rectangle in global pixels, in the thread that calls `open`.

    Our own windows (`CaptureOptions.own_windows`) never show: what lies beneath them is painted in their place.
    """

    context = ""
    live = True
    warning = ""

    def __init__(self, options: CaptureOptions, *, monitor: int = 1, region: Rectangle | None = None) -> None:
        """`monitor` counts from 1."""
        self.name = f"screen:{monitor}" if region is None else "region:" + ",".join(map(str, region))
        self._options = options
        self._monitor = monitor
        self._region = region
        self._ticker = Ticker(options.rate)
        self._screen: Any = None
        self._area: dict[str, int] = {}
        self._mask: OwnWindowMask | None = None
        self._rgb = rgb_converter()

    def open(self) -> None:
        import mss

        try:
            self._screen = mss.MSS()
            self._area = self._chosen(self._screen.monitors)
            self._screen.grab(self._area)
        except mss.ScreenShotError as error:
            raise SourceError("The screen cannot be captured", f"{error}; see courtside doctor") from error
        if self._options.own_windows is not None:
            from app.capture.own_window_mask import OwnWindowMask

            self._mask = OwnWindowMask()

    def read(self) -> Frame | None:
        media_time = self._ticker.tick()
        if media_time is None:
            return None
        captured_at = time.monotonic()
        return Frame(self._rgb(self._without_ours()), captured_at, media_time)

    def interrupt(self) -> None:
        self._ticker.interrupt()

    def close(self) -> None:
        if self._mask is not None:
            self._mask.close()
        if self._screen is not None:
            import mss

            with contextlib.suppress(mss.ScreenShotError):  # the display server has gone first
                self._screen.close()
            self._screen = None

    def _chosen(self, monitors: list[dict[str, Any]]) -> dict[str, int]:
        """The area to grab. The first monitor of the list is all of them together."""
        if self._region is None:
            if self._monitor >= len(monitors):
                raise SourceError("No such screen", f"{self.name}: there are {len(monitors) - 1}, counted from 1")
            area = monitors[self._monitor]
            return {side: area[side] for side in ("left", "top", "width", "height")}
        x, y, width, height = self._region
        whole = monitors[0]
        left = max(x, whole["left"])
        top = max(y, whole["top"])
        right = min(x + width, whole["left"] + whole["width"])
        bottom = min(y + height, whole["top"] + whole["height"])
        if right <= left or bottom <= top:
            raise SourceError("Nothing to capture", f"{self.name} lies outside the screens")
        return {"left": left, "top": top, "width": right - left, "height": bottom - top}

    def _without_ours(self) -> np.ndarray:
        """The picture with our own windows painted over: those of before the grab and of after it, as they move."""
        if self._options.own_windows is None or self._mask is None:
            return self._grabbed()
        before = self._options.own_windows()
        picture = self._grabbed()
        ours = {*before, *self._options.own_windows()}
        self._mask.cover(picture, (self._area["left"], self._area["top"]), sorted(ours))
        return picture

    def _grabbed(self) -> np.ndarray:
        """uint8 BGRX (height, width, 4), writable. Raises SourceError when the screen has gone."""
        import mss

        try:
            shot = self._screen.grab(self._area)
        except mss.ScreenShotError:  # the monitors have changed: look again
            self.close()
            self.open()
            shot = self._screen.grab(self._area)
        except AssertionError as error:  # what mss says when the X server has gone
            raise SourceError("The screen was lost", f"{self.name}: the display server has gone") from error
        return np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)


def rgb_converter() -> Callable[[np.ndarray], np.ndarray]:
    """BGRX (height, width, 4) to C-contiguous RGB (height, width, 3): FFmpeg where it is installed (2 ms at 1080p)."""
    try:
        import av
        from av.video.reformatter import VideoReformatter
    except ImportError:
        return lambda bgrx: np.ascontiguousarray(bgrx[..., 2::-1])
    reformatter = VideoReformatter()

    def convert(bgrx: np.ndarray) -> np.ndarray:
        frame = av.VideoFrame.from_numpy_buffer(bgrx, format="bgra")
        return np.ascontiguousarray(reformatter.reformat(frame, format="rgb24").to_ndarray())

    return convert
