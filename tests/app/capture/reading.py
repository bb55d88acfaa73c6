"""Reading a source to its end."""

from __future__ import annotations

from app.capture.source import Source
from core.types import Frame


def all_frames(source: Source, most: int = 1000) -> list[Frame]:
    """Open, read to the end (or `most` frames) and close."""
    source.open()
    frames: list[Frame] = []
    while len(frames) < most and (frame := source.read()) is not None:
        frames.append(frame)
    source.close()
    return frames
