"""One window of another program as a source: read from the X server; on Wayland shared by the desktop."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

from app.capture.guarded import Guarding
from app.capture.pacer import Ticker
from app.capture.returning import ReturningSource
from app.capture.shared_screen import portal_checks, share
from app.capture.source import SourceNotice
from app.capture.source_kind import Check, PickerEntry, SourceKind, after_word
from app.capture.window_grabbers import PlaceGrabber, WindowGrabber
from app.capture.x11_windows import X11Windows, open_titles, opened_windows
from app.portal.wayland import is_wayland
from app.quantities import counted
from core.errors import SourceError, UsageError
from core.types import Frame

if TYPE_CHECKING:
    from app.capture.private_windows import PrivateWindows
    from app.capture.source import CaptureOptions
    from app.capture.x11_windows import WindowState
    from core.raw_picture import RawPicture

GRAB_TRIES = 3
"""A window may change its size between the look at it and the grab."""


class WindowSource:
    """The inside of a window, wherever it is moved and whatever size it is given, without what lies over it.

    With a compositor the X server keeps the covered parts, and FFmpeg's x11grab reads the window itself (shared
    memory). Without one, its place on the screen is grabbed and other windows over it are filled in from around them.
    A window that is minimised or closed is a SourceError; whoever opens it again finds it once it is back. While it is
    one that must not be watched (`CaptureOptions.ignored`), there are no pictures.
    """

    context = ""
    live = True
    warning = ""

    def __init__(self, wanted: str, options: CaptureOptions) -> None:
        """wanted: its title, a part of it, or 0xID."""
        self.name = f"window:{wanted}"
        self._wanted = wanted
        self._options = options
        self._ticker = Ticker(options.rate)
        self._windows: X11Windows | None = None
        self._number = 0
        self._grabber: WindowGrabber | PlaceGrabber | None = None
        self._private: PrivateWindows | None = None

    def open(self) -> None:
        from app.capture.private_windows import PrivateWindows

        self._windows = X11Windows()
        self._private = PrivateWindows(self._options.ignored)
        self._number = self._windows.find(self._wanted)
        self._state()

    def read(self) -> Frame | SourceNotice | None:
        media_time = self._ticker.tick()
        if media_time is None:
            return None
        captured_at = time.monotonic()
        picture = None if self._is_private() else self._grabbed()
        if picture is None or self._is_private():  # it may show something else by now
            return SourceNotice("", "", media_time, private=True)
        return Frame(picture, captured_at, media_time)

    def interrupt(self) -> None:
        self._ticker.interrupt()

    def close(self) -> None:
        self._close_grabber()
        if self._private is not None:
            self._private.close()
            self._private = None
        if self._windows is not None:
            self._windows.close()
            self._windows = None

    def _is_private(self) -> bool:
        return self._private is not None and self._private.is_window(self._number)

    def _state(self) -> WindowState:
        """Where it is now. Raises SourceError when it cannot be seen."""
        assert self._windows is not None
        state = self._windows.state(self._number)
        if not state.viewable:
            raise SourceError("The window cannot be seen", f"{self.name} is minimised or on another workspace")
        return state

    def _grabbed(self) -> RawPicture:
        """Raises SourceError when the window cannot be seen any more."""
        assert self._windows is not None
        for _ in range(GRAB_TRIES):
            state = self._state()
            width, height = state.rect[2:]
            kind = WindowGrabber if self._windows.has_compositor else PlaceGrabber
            if not isinstance(self._grabber, kind) or self._grabber.size != (width, height):
                self._close_grabber()
            try:
                if self._grabber is None:
                    self._grabber = kind(self._windows, self._number, (width, height))
                return self._grabber.grab(state)
            except SourceError as error:  # of another size or gone meanwhile, or really lost
                self._close_grabber()
                lost = error
        raise lost

    def _close_grabber(self) -> None:
        if self._grabber is not None:
            self._grabber.close()
            self._grabber = None


def _open(spec: str, options: CaptureOptions) -> ReturningSource | None:
    rest = after_word(spec, "window")
    if rest is not None and is_wayland():
        return share(spec, "window", options)
    if rest == "":
        raise UsageError("Unknown source", "window:TITLE needs a title, a part of one, or 0xID, as in window:Firefox")
    return None if rest is None else ReturningSource(Guarding(lambda: WindowSource(rest, options), options.rate))


COMPOSE = "picom -b, or another compositor"


def _entries(screens: int) -> list[PickerEntry]:
    if is_wayland():
        return [PickerEntry("Window…", "window")]
    return [PickerEntry("Window…", "window:", "type", open_titles)]


def _checks() -> list[Check]:
    name = "Window capture"
    if is_wayland():
        return portal_checks(name, "window")
    try:
        with opened_windows() as windows:
            count = counted(len(windows.titles()), "window")
            covered = windows.has_compositor
    except SourceError as error:
        return [Check(name, "missing", error.message.partition(";")[0], "log in to a desktop")]
    except ImportError:
        return [Check(name, "missing", "no python-xlib", "pip install python-xlib")]
    if covered:
        return [Check(name, "ok", f"{count}, also where others cover them")]
    return [Check(name, "limited", f"{count}; what others cover of them is filled in", COMPOSE)]


WINDOW = SourceKind(
    "window:TITLE|0xID",
    _open,
    _entries,
    _checks,
)
