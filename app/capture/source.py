"""What a source of pictures is, and how they are wanted of it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, Protocol, runtime_checkable

from app.ignore_list import IgnoreList

if TYPE_CHECKING:
    from core.types import Frame

Pace = Literal["live", "max"]
Rectangle = tuple[int, int, int, int]
"""x, y, width, height in global pixels."""
OwnWindows = Callable[[], Sequence[Rectangle]]

PREVIEW_FPS = 30.0


@dataclass(frozen=True, slots=True)
class SourceNotice:
    """What a source has to tell while it goes on.

    Attributes:
        title, message: for people; "" where there is nothing new to say, but that time goes on.
        at: media time.
        lost: there are no pictures from here to the next one.
        still: the picture stands from here on, though it should move.
        private: there is none of that time, since a window that must not be watched would be in it.
        jumped: the next picture is one of another place in the film, where somebody wanted to go.
    """

    title: str
    message: str
    at: float
    lost: bool = False
    still: bool = False
    private: bool = False
    jumped: bool = False


class Source(Protocol):
    """Something that gives pictures. Made in any thread; `open`, `read` and `close` belong to the capture thread.

    Attributes:
        name: what a person calls it.
        context: what is known about the pictures beforehand ("" when nothing is).
        live: it goes on whether or not it is read, so frames taken while the model loads are only shown;
            final once it is open.
        warning: after the end, why the pictures ended early ("" when they did not).
    """

    @property
    def name(self) -> str: ...

    @property
    def live(self) -> bool: ...

    @property
    def warning(self) -> str: ...

    @property
    def context(self) -> str: ...

    def open(self) -> None:
        """Get hold of the device. Raises SourceError."""

    def read(self) -> Frame | SourceNotice | None:
        """The next frame, waiting until it is due; None at the end or after `interrupt`. Raises SourceError."""

    def interrupt(self) -> None:
        """From any thread: a `read` that waits returns None soon, and so do all later ones."""

    def close(self) -> None:
        """Let go of the device; harmless when it was never opened."""


@runtime_checkable
class SeekableSource(Protocol):
    """A film in which one can go back and forth. All of it from any thread."""

    @property
    def duration(self) -> float | None:
        """Seconds it lasts; None before it is open, or where it does not say."""

    @property
    def position(self) -> float:
        """Its second that is watched, or that one is on the way to."""

    @property
    def speed(self) -> float:
        """How many times as fast it is played at pace live."""

    def seek(self, seconds: float) -> None:
        """Go on at that second of the film, within it."""

    def set_speed(self, speed: float) -> None:
        """From the next picture on."""


@dataclass(frozen=True, slots=True)
class CaptureExclusions:
    """What pictures of the screen must not show: our own windows, and the private ones of other programs."""

    own_windows: OwnWindows = tuple
    ignored: Callable[[], IgnoreList] = IgnoreList


@dataclass(frozen=True, slots=True)
class CaptureOptions:
    """How the pictures are wanted.

    Attributes:
        fps: frames a second for the model.
        pace: "live" gives frames when they are due, "max" gives only the frames of the sample times, at once.
        preview_fps: frames a second at pace live; `fps` is enough where nobody looks at a preview.
        scoreboard: whether the arena draws the score.
        camera_size, camera_fps: what a camera is asked for: WxH, "" for what it likes; pictures a second.
        file_speed: how many times as fast a video file is played at pace live.
        begin_s: the second of a video file at which it begins.
        sound: what is heard of a stream or film from the network comes with its pictures.
        own_windows: our own windows on the screen, which the pictures must not show.
        ignored: which windows of other programs must not be watched, as of now; called before each picture.
    """

    fps: float = 2.0
    pace: Pace = "live"
    preview_fps: float = PREVIEW_FPS
    scoreboard: bool = True
    camera_size: str = ""
    camera_fps: float | None = None
    file_speed: float = 1.0
    begin_s: float = 0.0
    sound: bool = False
    own_windows: OwnWindows | None = None
    ignored: Callable[[], IgnoreList] = IgnoreList

    @property
    def rate(self) -> float:
        """Frames a second that the source should give: a multiple of `fps`, so that the sample times are among them."""
        return self.fps if self.pace == "max" else self.fps * max(1, round(self.preview_fps / self.fps))


def joined_context(source_context: str, context: str) -> str:
    """What the source knows, then what the viewer does."""
    return "\n".join(part for part in (source_context, context) if part)
