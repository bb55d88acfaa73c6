"""Animated WebP, which FFmpeg does not decode, through Pillow."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import Any

from core.errors import SourceError

MAX_MS = 60_000
MIN_MS = 10
"""Milliseconds that one picture is shown, whatever the file says."""


def is_animated_webp(path: Path) -> bool:
    with path.open("rb") as file:
        head = file.read(64)
    return head[:4] == b"RIFF" and head[8:16] == b"WEBPVP8X" and bool(head[20] & 2)


def animation_frames(path: Path) -> Iterator[Any]:
    """PyAV frames with their times, in thousandths. Raises SourceError for a damaged file."""
    import av
    from PIL import Image, ImageSequence

    at_ms = 0
    try:
        with Image.open(path) as animation:
            for picture in ImageSequence.Iterator(animation):
                frame = av.VideoFrame.from_image(picture.convert("RGB"))
                shown_ms = min(max(int(picture.info.get("duration") or 0), MIN_MS), MAX_MS)
                frame.pts = at_ms
                frame.duration = shown_ms
                frame.time_base = Fraction(1, 1000)
                at_ms += shown_ms
                yield frame
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise SourceError("Damaged video", f"{path}: the pictures cannot be read") from error
