"""The small pictures of a session, named for their source second: thumbnails, and the frames that the model saw."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from pathlib import Path

from app.session.small_pictures import SEEN, THUMBNAILS

MEDIA_TYPES = {".jpg": "image/jpeg", ".jpeg": "image/jpeg", ".png": "image/png", ".webp": "image/webp"}
MAX_BYTES = 500_000
"""A picture larger than this is no thumbnail."""


@dataclass(frozen=True, slots=True)
class Picture:
    """One picture and the source second it shows."""

    at: float
    path: Path

    def as_data_url(self) -> str:
        """The picture inside an address, for a page that is to stand alone; "" when it cannot be read."""
        try:
            data = self.path.read_bytes()
        except OSError:
            return ""
        return f"data:{MEDIA_TYPES[self.path.suffix.lower()]};base64,{base64.b64encode(data).decode()}"


def pictures(folder: Path) -> list[Picture]:
    """The session's thumbnails by time; a file whose name is no number of seconds is none."""
    return _pictures(folder / THUMBNAILS)


def seen_frames(folder: Path) -> list[Picture]:
    """The very frames that the model was given for spoken lines, by time, as far as they were kept."""
    return _pictures(folder / SEEN)


def _pictures(folder: Path) -> list[Picture]:
    found = []
    for path in folder.glob("*"):
        try:
            at = float(path.stem)
            fits = path.suffix.lower() in MEDIA_TYPES and path.stat().st_size <= MAX_BYTES
        except (ValueError, OSError):
            continue
        if fits and 0 <= at < 1e9:
            found.append(Picture(at, path))
    return sorted(found, key=lambda picture: picture.at)


def chosen(found: list[Picture], most: int) -> list[Picture]:
    """At most that many, evenly over the whole."""
    if len(found) <= most:
        return found
    return [found[round(number * (len(found) - 1) / max(1, most - 1))] for number in range(most)]
