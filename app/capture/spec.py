"""The one list of sources, and how a SOURCE becomes one. A new kind has a file of its own and a line here."""

from __future__ import annotations

from app.capture.arena import ARENA
from app.capture.camera import CAMERA
from app.capture.desktop import DESKTOP
from app.capture.file import FILE
from app.capture.frames import FRAMES
from app.capture.freedoom import FREEDOOM
from app.capture.network import NETWORK
from app.capture.screen import REGION, SCREEN
from app.capture.source import CaptureOptions, Source
from app.capture.source_kind import SourceKind
from app.capture.window import WINDOW
from core.errors import UsageError

KINDS: tuple[SourceKind, ...] = (ARENA, FREEDOOM, DESKTOP, SCREEN, WINDOW, REGION, CAMERA, FRAMES, NETWORK, FILE)
"""In the order in which they are asked whether a SOURCE is theirs: a file may have any name that no other one takes."""

USAGE = ", ".join(kind.usage for kind in KINDS[:-1]) + " or " + KINDS[-1].usage


def open_source(spec: str, options: CaptureOptions) -> Source:
    """The source that `spec` names, not yet opened. Raises UsageError for one that makes no sense, or SourceError."""
    for kind in KINDS:
        source = kind.open(spec, options)
        if source is not None:
            return source
    raise UsageError("Unknown source", f"“{spec}” is none of: {USAGE}")


def shows_again(spec: str) -> bool:
    """Whether a SOURCE would show the same pictures once more."""
    return any(kind.shows_again(spec) for kind in KINDS)
