"""A screen or a window on Wayland: the desktop asks which one is shared, and remembers it where it can."""

from __future__ import annotations

import os
import shutil
import time
from typing import TYPE_CHECKING

from app.capture.pacer import Ticker
from app.capture.pipewire_pictures import PipeWirePictures, missing_parts, rgb
from app.capture.returning import ReturningSource
from app.capture.source import SourceNotice
from app.capture.source_kind import Check
from app.capture.sway_windows import SwayWindows, sway_windows
from app.portal.connection import Portal
from app.portal.restore_tokens import RestoreTokens
from app.portal.screen_cast import SCREEN_CAST, Kind, ScreenCast, SharedPicture, may_share
from core.errors import PortalError, PortalRefused, SourceError, SourceRefused
from core.types import Frame

if TYPE_CHECKING:
    import numpy as np

    from app.capture.source import CaptureOptions, Rectangle
    from app.ignore_list import IgnoreList

PICTURE_S = 4.0
"""The first picture comes within this, or PipeWire is asked again: it may not have linked the two ends."""
TRIES = 3
LOOKS_EVERY_S = 0.01
CLOSED_S = 0.5
"""The word that sharing was ended may come after the last picture."""
NOT_GUARDED = (
    "on Wayland other programs' windows cannot be told apart: the ignore list does not guard a shared screen; "
    "share one window to be sure"
)
PACKAGES = "gstreamer1.0-tools gstreamer1.0-pipewire gstreamer1.0-plugins-base gstreamer1.0-plugins-good"
DESKTOPS = {"gnome": "gnome", "kde": "kde", "hyprland": "hyprland", "lxqt": "lxqt", "xfce": "gtk"}
"""The package with a desktop's own half of the portal ends with this; any other has wlroots' one."""


class SharedScreenSource:
    """Asks once for what is shared. Pictures follow it as it moves and changes its size.

    Our own windows (`CaptureOptions.own_windows`) are filled in from around them, where a screen is shared and the
    portal tells where it lies. On sway there are no pictures while a window can be seen that must not be watched
    (`CaptureOptions.ignored`); elsewhere nobody tells, which is said once.
    """

    context = ""
    live = True
    warning = ""

    def __init__(self, name: str, kind: Kind, options: CaptureOptions, region: Rectangle | None = None) -> None:
        """name: the SOURCE, under which the permission is remembered. region: in the desktop's coordinates."""
        self.name = name
        self._kind = kind
        self._options = options
        self._region = region
        self._ticker = Ticker(options.rate)
        self._interrupted = False
        self._cast: ScreenCast | None = None
        self._shared: SharedPicture | None = None
        self._pictures: PipeWirePictures | None = None
        self._taken: tuple[int, np.ndarray] | None = None  # the number of a picture, and its pixels
        self._told = kind == "window"
        self._windows: SwayWindows | None = None

    def open(self) -> None:
        tokens = RestoreTokens()
        try:
            self._cast = ScreenCast()
            self._shared = self._cast.share(self._kind, tokens.get(self.name), lambda: not self._interrupted)
            tokens.set(self.name, self._shared.token)
            self._begin(self._cast, self._shared)
            self._windows = sway_windows(self._options.ignored) if self._kind == "screen" else None
        except PortalRefused as error:
            if self._interrupted:
                return
            raise SourceRefused(error.title, f"{self.name}: {error.message}; start again to choose") from error
        except PortalError as error:
            raise SourceError(error.title, f"{error.message}; see courtside doctor") from error

    def read(self) -> Frame | SourceNotice | None:
        media_time = self._ticker.tick()
        if media_time is None or self._pictures is None:
            return None
        if self._windows is None and not self._told and _names_any(self._options.ignored()):
            self._told = True
            return SourceNotice("Keep private windows off this screen", NOT_GUARDED, media_time)
        self._look_whether_it_ended(self._pictures)
        captured_at = time.monotonic()
        newest = self._pictures.newest
        assert newest is not None
        if self._taken is None or self._taken[0] != newest.number:
            captured_at = newest.arrived
            self._taken = (newest.number, rgb(newest))
        if self._shows_private():
            return SourceNotice("", "", media_time, private=True)
        return Frame(self._shown(self._taken[1]), captured_at, media_time)

    def interrupt(self) -> None:
        self._interrupted = True
        self._ticker.interrupt()

    def close(self) -> None:
        if self._pictures is not None:
            self._pictures.close()
            self._pictures = None
        if self._cast is not None:
            self._cast.close()
            self._cast = None
        if self._windows is not None:
            self._windows.close()
            self._windows = None

    def _shows_private(self) -> bool:
        """As far as the desktop tells; one that tells no more is said to."""
        if self._windows is None or self._shared is None:
            return False
        at = self._shared.position
        size = self._shared.size
        seen = self._windows.private_seen((*at, *size) if at is not None and size is not None else None)
        if self._windows.lost:
            self._windows.close()
            self._windows = None
        return seen

    def _begin(self, cast: ScreenCast, shared: SharedPicture) -> None:
        """Until the first picture is there, or it is interrupted. Raises SourceError, PortalError."""
        why = ""
        for _ in range(TRIES):
            pictures = PipeWirePictures(cast.connect(), shared.node, self._options.rate)
            self._pictures = pictures
            if self._comes(pictures):
                return
            why = pictures.why if pictures.ended else f"no picture within {TRIES * PICTURE_S:.0f} s"
            pictures.close()
            self._pictures = None
        raise SourceError("The screen cannot be captured", f"{self.name}: {why}; see courtside doctor")

    def _comes(self, pictures: PipeWirePictures) -> bool:
        """Waits for a picture. Whether there is one, or it was interrupted."""
        end = time.monotonic() + PICTURE_S
        while pictures.newest is None and not self._interrupted:
            if pictures.ended or time.monotonic() > end:
                return False
            time.sleep(LOOKS_EVERY_S)
        return True

    def _look_whether_it_ended(self, pictures: PipeWirePictures) -> None:
        """Raises SourceError. Whoever ended it at the desktop is asked anew, not overruled by what is remembered."""
        assert self._cast is not None
        try:
            ended = self._cast.ended(CLOSED_S if pictures.ended else 0.0)
        except PortalError as error:
            raise SourceError("The source was lost", f"{self.name}: {error.message}") from error
        if ended:
            RestoreTokens().set(self.name, "")
            raise SourceError("Sharing was ended", f"{self.name}: choose again in the desktop's dialog")
        if pictures.ended:
            raise SourceError("The source was lost", f"{self.name}: {pictures.why}")

    def _shown(self, picture: np.ndarray) -> np.ndarray:
        """What of a shared picture may be shown, as a picture of its own."""
        assert self._shared is not None
        at = self._shared.position
        size = self._shared.size
        if self._kind == "window" or at is None or size is None or not all(size):
            return picture
        height, width = picture.shape[:2]
        scale = (width / size[0], height / size[1])
        own = self._options.own_windows() if self._options.own_windows is not None else ()
        if own:
            picture = _without(picture, [_placed(rectangle, at, scale) for rectangle in own])
        if self._region is None:
            return picture
        left, top, right, bottom = _within(_placed(self._region, at, scale), (width, height))
        if right <= left or bottom <= top:
            raise SourceRefused("Nothing to capture", f"{self.name} lies outside the shared screen")
        return picture[top:bottom, left:right].copy()


def share(name: str, kind: Kind, options: CaptureOptions, region: Rectangle | None = None) -> ReturningSource:
    """The source of a SOURCE on Wayland, not yet opened."""
    return ReturningSource(lambda again: SharedScreenSource(name, kind, options, region))


def portal_checks(name: str, kind: Kind) -> list[Check]:
    """A row of `courtside doctor`: whether the desktop shares a screen or a window, and whether it can be read."""
    mend = f"apt install {PACKAGES} pipewire wireplumber xdg-desktop-portal xdg-desktop-portal-{_desktop()}"
    try:
        offered = Portal()
        try:
            types = offered.property(SCREEN_CAST, "AvailableSourceTypes")
            version = offered.property(SCREEN_CAST, "version")
        finally:
            offered.close()
    except ImportError:
        return [Check(name, "missing", "no jeepney", "pip install jeepney")]
    except PortalError as error:
        return [Check(name, "missing", f"no ScreenCast portal: {error.message}", mend)]
    if missing := missing_parts():
        return [Check(name, "missing", f"no {', '.join(missing)} to read PipeWire with", mend)]
    if shutil.which("pipewire") is None:
        return [Check(name, "missing", "no PipeWire", mend)]
    if not may_share(types, kind):
        return [Check(name, "missing", f"this desktop's portal shares no {kind}", "watch the screen instead")]
    return [Check(name, "ok", f"through the desktop's ScreenCast portal (version {version}), which asks what to share")]


def _desktop() -> str:
    named = os.environ.get("XDG_CURRENT_DESKTOP", "").lower()
    return next((half for word, half in DESKTOPS.items() if word in named), "wlr")


def _names_any(ignored: IgnoreList) -> bool:
    return any((ignored.titles, ignored.classes, ignored.programs))


def _placed(rectangle: Rectangle, at: tuple[int, int], scale: tuple[float, float]) -> Rectangle:
    """A rectangle of the desktop in pixels of the picture."""
    x, y, width, height = rectangle
    across, down = scale
    return round((x - at[0]) * across), round((y - at[1]) * down), round(width * across), round(height * down)


def _within(rectangle: Rectangle, size: tuple[int, int]) -> tuple[int, int, int, int]:
    """left, top, right, bottom of what of it lies in a picture of that width and height."""
    x, y, width, height = rectangle
    return max(x, 0), max(y, 0), min(x + width, size[0]), min(y + height, size[1])


def _without(picture: np.ndarray, own: list[Rectangle]) -> np.ndarray:
    """A copy with those rectangles filled in from around them."""
    from app.capture.pixels import fill

    copy = picture.copy()
    for rectangle in own:
        left, top, right, bottom = _within(rectangle, (picture.shape[1], picture.shape[0]))
        if right > left and bottom > top:
            fill(copy, left, top, right, bottom)
    return copy
