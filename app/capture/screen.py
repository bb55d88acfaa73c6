"""A screen, or a part of it, as a source."""

from __future__ import annotations

import contextlib
import importlib.util
import os
import re
import sys
import time
from typing import TYPE_CHECKING, Any

from app.capture.guarded import Guarding
from app.capture.layout_watch import LayoutWatch
from app.capture.pacer import Ticker
from app.capture.returning import ReturningSource
from app.capture.shared_screen import portal_checks, share
from app.capture.source import SourceNotice
from app.capture.source_kind import Check, PickerEntry, SourceKind, after_word, whole_number
from app.portal.wayland import is_wayland
from app.quantities import counted
from core.errors import SourceError, UsageError
from core.raw_picture import RawPicture
from core.types import Frame

if TYPE_CHECKING:
    import numpy as np

    from app.capture.own_window_mask import OwnWindowMask
    from app.capture.private_windows import PrivateWindows
    from app.capture.source import CaptureOptions, Rectangle


class ScreenSource:
    """Grabs a monitor, or a rectangle in global pixels, in the thread that calls `open`.

    Our own windows (`CaptureOptions.own_windows`) never show: what lies beneath them is painted in their place. While a
    window can be seen that must not be watched (`CaptureOptions.ignored`), there are no pictures.
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
        self._layout: LayoutWatch | None = None
        self._mask: OwnWindowMask | None = None
        self._private: PrivateWindows | None = None

    def open(self) -> None:
        import mss

        from app.capture.private_windows import PrivateWindows

        try:
            self._screen = mss.MSS()
            self._private = PrivateWindows(self._options.ignored)
            self._area = self._chosen(monitors_of(self._screen))
            self._layout = LayoutWatch()
            self._screen.grab(self._area)
        except mss.ScreenShotError as error:
            raise SourceError("The screen cannot be captured", f"{error}; see courtside doctor") from error
        if self._options.own_windows is not None:
            from app.capture.own_window_mask import OwnWindowMask

            self._mask = OwnWindowMask()

    def read(self) -> Frame | SourceNotice | None:
        media_time = self._ticker.tick()
        if media_time is None:
            return None
        captured_at = time.monotonic()
        picture = None if self._shows_private() else self._without_ours()
        if picture is None or self._shows_private():  # it may have come up while that was grabbed
            return SourceNotice("", "", media_time, private=True)
        return Frame(RawPicture(picture, "bgra"), captured_at, media_time)

    def interrupt(self) -> None:
        self._ticker.interrupt()

    def close(self) -> None:
        if self._private is not None:
            self._private.close()
            self._private = None
        if self._mask is not None:
            self._mask.close()
        if self._layout is not None:
            self._layout.close()
            self._layout = None
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

    def _shows_private(self) -> bool:
        area = self._area
        return self._private is not None and self._private.on_screen(
            (area["left"], area["top"], area["width"], area["height"])
        )

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
        import numpy as np

        try:
            if self._layout_has_changed():
                self._open_again()
            try:
                shot = self._screen.grab(self._area)
            except mss.ScreenShotError:  # smaller than a moment ago
                self._open_again()
                shot = self._screen.grab(self._area)
        except (mss.ScreenShotError, AssertionError, OSError) as error:  # the second is what mss says of a lost server
            raise SourceError("The screen was lost", f"{self.name}: the display server has gone") from error
        return np.frombuffer(shot.raw, np.uint8).reshape(shot.height, shot.width, 4)

    def _layout_has_changed(self) -> bool:
        """Whether the area is another one now. mss looks once, when it is opened, which takes tens of milliseconds."""
        import mss

        if self._layout is None or not self._layout.changed():
            return False
        with mss.MSS() as fresh:
            return self._chosen(monitors_of(fresh)) != self._area

    def _open_again(self) -> None:
        self.close()
        self.open()


def monitors_of(screen: Any) -> list[dict[str, int]]:
    """All screens together, then each. An X server without RANDR tells of none: all together is the only one."""
    monitors: list[dict[str, int]] = screen.monitors
    return monitors if len(monitors) > 1 else monitors * 2


def _open_screen(spec: str, options: CaptureOptions) -> ReturningSource | None:
    rest = after_word(spec, "screen")
    if rest is None:
        return None
    monitor = whole_number(rest or "1", 1, "screen:2")
    if is_wayland():
        return share(spec, "screen", options)
    return ReturningSource(Guarding(lambda: ScreenSource(options, monitor=monitor), options.rate))


def _open_region(spec: str, options: CaptureOptions) -> ReturningSource | None:
    rest = after_word(spec, "region")
    if rest is None:
        return None
    match = re.fullmatch(r"(-?\d+),(-?\d+),(\d+),(\d+)", rest)
    if match is None or "0" in match.groups()[2:]:
        raise UsageError("Unknown source", f"“{spec}” is not region:X,Y,W,H, as in region:0,0,1280,720")
    x, y, width, height = map(int, match.groups())
    if is_wayland():
        return share(spec, "screen", options, (x, y, width, height))
    return ReturningSource(Guarding(lambda: ScreenSource(options, region=(x, y, width, height)), options.rate))


def _screen_entries(screens: int) -> list[PickerEntry]:
    if is_wayland():
        return [PickerEntry("Screen…", "screen")]
    return [PickerEntry(f"Screen {number}", f"screen:{number}") for number in range(1, screens + 1)]


def _checks() -> list[Check]:
    """Whether a screen can be captured, and how long that takes."""
    name = "Screen capture"
    if is_wayland():
        return portal_checks(name, "screen")
    if sys.platform == "linux" and not os.environ.get("DISPLAY"):
        fix = "log in to a desktop, or watch a camera, a file or the arena"
        return [Check(name, "missing", "no DISPLAY and no WAYLAND_DISPLAY", fix)]
    if importlib.util.find_spec("mss") is None:
        return [Check(name, "missing", "no mss", "pip install mss")]
    import mss

    try:
        with mss.MSS() as screen:
            monitors = monitors_of(screen)
            monitor = monitors[1]
            screen.grab(monitor)
            begun = time.perf_counter()
            screen.grab(monitor)
    except mss.ScreenShotError as error:
        return [Check(name, "missing", str(error), "a screen of 24 bit depth that this user may read")]
    took = (time.perf_counter() - begun) * 1e3
    screens = counted(len(monitors) - 1, "screen")
    return [Check(name, "ok", f"{screens}; {monitor['width']} x {monitor['height']} takes {took:.1f} ms")]


SCREEN = SourceKind("screen[:N]", _open_screen, _screen_entries, _checks)
REGION = SourceKind("region:X,Y,W,H", _open_region)
