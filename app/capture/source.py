"""What a source of pictures is, and how the SOURCE of the command line becomes one."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Literal, Protocol

from core.errors import UsageError

if TYPE_CHECKING:
    from core.types import Frame

Pace = Literal["live", "max"]
Rectangle = tuple[int, int, int, int]
"""x, y, width, height in global pixels."""
Masked = Callable[[], Sequence[Rectangle]]

FORMS = "arena[:SEED], screen[:N], region:X,Y,W,H, camera[:N], frames:DIR, a video file, or an rtsp, http or udp URL"
PREVIEW_FPS = 30.0


class Source(Protocol):
    """Something that gives pictures. Made in any thread; `open`, `read` and `close` belong to the capture thread.

    Attributes:
        name: what a person calls it.
        context: what is known about the pictures beforehand ("" when nothing is).
        live: it goes on whether or not it is read, so frames taken while the model loads are only shown.
        warning: after the end, why the pictures ended early ("" when they did not).
    """

    name: str
    live: bool
    warning: str

    @property
    def context(self) -> str: ...

    def open(self) -> None:
        """Get hold of the device. Raises SourceError."""

    def read(self) -> Frame | None:
        """The next frame, waiting until it is due; None at the end or after `interrupt`. Raises SourceError."""

    def interrupt(self) -> None:
        """From any thread: a `read` that waits returns None soon, and so do all later ones."""

    def close(self) -> None:
        """Let go of the device; harmless when it was never opened."""


@dataclass(frozen=True, slots=True)
class Wish:
    """How the pictures are wanted.

    Attributes:
        fps: frames a second for the model.
        pace: "live" gives frames when they are due, "max" gives only the frames of the sample times, at once.
        preview_fps: frames a second at pace live; `fps` is enough where nobody looks at a preview.
        scoreboard: whether the arena draws the score.
        masked: our own windows on the screen, which the pictures must not show.
    """

    fps: float = 2.0
    pace: Pace = "live"
    preview_fps: float = PREVIEW_FPS
    scoreboard: bool = True
    masked: Masked | None = None

    @property
    def rate(self) -> float:
        """Frames a second that the source should give: a multiple of `fps`, so that the sample times are among them."""
        return self.fps if self.pace == "max" else self.fps * max(1, round(self.preview_fps / self.fps))


def open_source(
    spec: str,
    *,
    fps: float = 2.0,
    pace: Pace = "live",
    preview_fps: float = PREVIEW_FPS,
    scoreboard: bool = True,
    masked: Masked | None = None,
) -> Source:
    """The source that `spec` names, not yet opened. Raises UsageError for a form that does not exist."""
    wish = Wish(fps, pace, preview_fps, scoreboard, masked)
    kind, colon, rest = spec.partition(":")
    if re.match(r"(rtsp|rtsps|http|https|udp)://", spec):
        return _network(spec, wish)
    if kind in _MAKERS and (colon == "" or rest):
        return _MAKERS[kind](rest, wish)
    path = Path(spec).expanduser()
    if spec and (path.exists() or path.suffix or "/" in spec):
        return _file(path, wish)
    raise UsageError("Unknown source", f"“{spec}” is none of: {FORMS}")


def _whole(text: str, least: int, form: str) -> int:
    if not re.fullmatch(r"\d+", text) or int(text) < least:
        raise UsageError("Unknown source", f"“{text}” is not a number from {least} up, as in {form}")
    return int(text)


def _arena(rest: str, wish: Wish) -> Source:
    from app.capture.arena import ArenaSource

    return ArenaSource(_whole(rest or "0", 0, "arena:7"), wish)


def _screen(rest: str, wish: Wish) -> Source:
    from app.capture.screen import ScreenSource

    return ScreenSource(wish, monitor=_whole(rest or "1", 1, "screen:2"))


def _region(rest: str, wish: Wish) -> Source:
    from app.capture.screen import ScreenSource

    match = re.fullmatch(r"(-?\d+),(-?\d+),(\d+),(\d+)", rest)
    if match is None or "0" in match.groups()[2:]:
        raise UsageError("Unknown source", f"“region:{rest}” is not region:X,Y,W,H, as in region:0,0,1280,720")
    x, y, width, height = map(int, match.groups())
    return ScreenSource(wish, region=(x, y, width, height))


def _window(rest: str, wish: Wish) -> Source:
    raise UsageError("No window capture yet", f"capture “{rest or 'a window'}” with region:X,Y,W,H or screen for now")


def _camera(rest: str, wish: Wish) -> Source:
    from app.capture.camera import CameraSource

    return CameraSource(_whole(rest or "0", 0, "camera:1"), wish)


def _frames(rest: str, wish: Wish) -> Source:
    from app.capture.frames import FramesSource

    if not rest:
        raise UsageError("Unknown source", "frames:DIR needs a folder of PNG pictures")
    return FramesSource(Path(rest).expanduser(), wish)


def _file(path: Path, wish: Wish) -> Source:
    from app.capture.file import FileSource

    return FileSource(path, wish)


def _network(url: str, wish: Wish) -> Source:
    from app.capture.network import NetworkSource

    return NetworkSource(url, wish)


_MAKERS: dict[str, Callable[[str, Wish], Source]] = {
    "arena": _arena,
    "screen": _screen,
    "region": _region,
    "window": _window,
    "camera": _camera,
    "frames": _frames,
}
