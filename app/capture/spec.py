"""How the SOURCE of the command line becomes a source."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

from app.capture.source import CaptureOptions, Source
from core.errors import UsageError

FORMS = "arena[:SEED], screen[:N], region:X,Y,W,H, camera[:N], frames:DIR, a video file, or an rtsp, http or udp URL"


def open_source(spec: str, options: CaptureOptions) -> Source:
    """The source that `spec` names, not yet opened. Raises UsageError for a form that does not exist."""
    kind, colon, rest = spec.partition(":")
    if re.match(r"(rtsp|rtsps|http|https|udp)://", spec):
        return _network(spec, options)
    if kind in _MAKERS and (colon == "" or rest):
        return _MAKERS[kind](rest, options)
    path = Path(spec).expanduser()
    if spec and (path.exists() or path.suffix or "/" in spec):
        return _file(path, options)
    raise UsageError("Unknown source", f"“{spec}” is none of: {FORMS}")


def _whole(text: str, least: int, form: str) -> int:
    if not re.fullmatch(r"\d+", text) or int(text) < least:
        raise UsageError("Unknown source", f"“{text}” is not a number from {least} up, as in {form}")
    return int(text)


def _arena(rest: str, options: CaptureOptions) -> Source:
    from app.capture.arena import ArenaSource

    return ArenaSource(_whole(rest or "0", 0, "arena:7"), options)


def _screen(rest: str, options: CaptureOptions) -> Source:
    from app.capture.screen import ScreenSource

    return ScreenSource(options, monitor=_whole(rest or "1", 1, "screen:2"))


def _region(rest: str, options: CaptureOptions) -> Source:
    from app.capture.screen import ScreenSource

    match = re.fullmatch(r"(-?\d+),(-?\d+),(\d+),(\d+)", rest)
    if match is None or "0" in match.groups()[2:]:
        raise UsageError("Unknown source", f"“region:{rest}” is not region:X,Y,W,H, as in region:0,0,1280,720")
    x, y, width, height = map(int, match.groups())
    return ScreenSource(options, region=(x, y, width, height))


def _window(rest: str, options: CaptureOptions) -> Source:
    raise UsageError("No window capture yet", f"capture “{rest or 'a window'}” with region:X,Y,W,H or screen for now")


def _camera(rest: str, options: CaptureOptions) -> Source:
    from app.capture.camera import CameraSource

    return CameraSource(_whole(rest or "0", 0, "camera:1"), options)


def _frames(rest: str, options: CaptureOptions) -> Source:
    from app.capture.frames import FramesSource

    if not rest:
        raise UsageError("Unknown source", "frames:DIR needs a folder of PNG pictures")
    return FramesSource(Path(rest).expanduser(), options)


def _file(path: Path, options: CaptureOptions) -> Source:
    from app.capture.file import FileSource

    return FileSource(path, options)


def _network(url: str, options: CaptureOptions) -> Source:
    from app.capture.network import NetworkSource

    return NetworkSource(url, options)


_MAKERS: dict[str, Callable[[str, CaptureOptions], Source]] = {
    "arena": _arena,
    "screen": _screen,
    "region": _region,
    "window": _window,
    "camera": _camera,
    "frames": _frames,
}
