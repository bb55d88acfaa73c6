"""A camera as a source."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from app.capture.live_video import LiveVideo
from app.capture.returning import ReturningSource
from app.capture.source_kind import Check, PickerEntry, SourceKind, after_word, whole_number
from core.errors import SourceError, UsageError

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions


SIZES = {"": "Any size", **{size: size.replace("x", " x ") for size in ("640x480", "1280x720", "1920x1080")}}
"""What most cameras can do -> how that is said."""


class CameraSource(LiveVideo):
    """Camera number N, as the system counts them."""

    def __init__(self, number: int, options: CaptureOptions) -> None:
        url, form = _address(number)
        super().__init__(f"camera:{number}", options, url, form, ffmpeg_options=_wanted(options))

    def not_opened(self, why: str) -> SourceError:
        found = cameras()
        there = f"found: {', '.join(found)}" if found else "no camera was found"
        return SourceError("Cannot open the camera", f"{self.name}: {why}; {there}")


def _wanted(options: CaptureOptions) -> dict[str, str]:
    """As FFmpeg asks a camera for it; the camera gives the nearest it has."""
    wanted = {"video_size": options.camera_size, "framerate": f"{options.camera_fps:g}" if options.camera_fps else ""}
    return {name: value for name, value in wanted.items() if value}


def cameras() -> list[str]:
    """The cameras found, as SOURCE names them. Only Linux lists them without opening each."""
    if sys.platform != "linux":
        return []
    numbers = sorted(int(p.name[5:]) for p in Path("/dev").glob("video*") if p.name[5:].isdecimal())
    return [f"camera:{number}" for number in numbers]


def _address(number: int) -> tuple[str, str]:
    """What FFmpeg calls a camera, and the input device that opens it."""
    match sys.platform:
        case "linux":
            return f"/dev/video{number}", "v4l2"
        case "darwin":
            return f"{number}:none", "avfoundation"
        case _:
            raise UsageError(
                "No camera capture here", "cameras work on Linux and macOS so far; a network camera works anywhere"
            )


def _open(spec: str, options: CaptureOptions) -> ReturningSource | None:
    rest = after_word(spec, "camera")
    if rest is None:
        return None
    number = whole_number(rest or "0", 0, "camera:1")
    return ReturningSource(lambda again: CameraSource(number, options), moves=True)


def _checks() -> list[Check]:
    found = cameras()
    if found:
        return [Check("Cameras", "ok", ", ".join(found))]
    return [Check("Cameras", "limited", "none found", "plug one in, or watch an rtsp or http stream")]


CAMERA = SourceKind("camera[:N]", _open, lambda screens: [PickerEntry("Camera", "camera")], _checks)
