"""Small pictures beside the events: thumbnails, and the very frames that the model was given for each line."""

from __future__ import annotations

import io
import os
from collections import deque
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import numpy as np

THUMBNAILS = "thumbnails"
SEEN = "seen"
THUMBNAIL_EVERY_S = 10.0
THUMBNAIL_SIZE = (320, 320)
SEEN_SIZE = (448, 448)
QUALITY = 70
BYTES_PER_HOUR = 50_000_000
"""Of frames that the model was given; thumbnails come besides, at most one a line and one in ten seconds."""
KEPT_FRAMES = 128
"""Small frames that wait for the line that is said about them."""


class SmallPictures:
    """`thumbnails/SECONDS.jpg` every 10 s and at each spoken line; `seen/SECONDS.jpg`, the frames of each spoken line.

    Both are named for their source second. Once the frames of the last hour have taken BYTES_PER_HOUR, lines go
    without until there is room again.

    Attributes:
        left_out: frames of lines that were not kept for that.
    """

    def __init__(self, folder: Path) -> None:
        self.left_out = 0
        self._folder = folder
        self._recent: deque[tuple[float, bytes]] = deque(maxlen=KEPT_FRAMES)
        self._thumbnail_at = -THUMBNAIL_EVERY_S
        self._written: deque[tuple[float, int]] = deque()

    def add(self, image: np.ndarray, at: float) -> None:
        """A frame that the model is given, uint8 RGB (height, width, 3), at the source second `at`. Raises OSError."""
        self._recent.append((at, _jpeg(image, SEEN_SIZE)))
        if at - self._thumbnail_at >= THUMBNAIL_EVERY_S:
            self._thumbnail(at)

    def line(self, start: float, end: float) -> None:
        """Something was said about the source seconds [start, end). Raises OSError."""
        frames = [(at, data) for at, data in self._recent if start <= at < end]
        if not frames:
            return
        self._thumbnail(frames[-1][0])
        while self._written and self._written[0][0] < start - 3600:
            self._written.popleft()
        for at, data in frames:
            if sum(size for _, size in self._written) + len(data) > BYTES_PER_HOUR:
                self.left_out += 1
            else:
                self._written.append((at, len(data)))
                self._save(SEEN, at, data)

    def _thumbnail(self, at: float) -> None:
        from PIL import Image

        data = next(data for kept_at, data in self._recent if kept_at == at)
        with Image.open(io.BytesIO(data)) as image:
            image.thumbnail(THUMBNAIL_SIZE)
            small = io.BytesIO()
            image.save(small, "jpeg", quality=QUALITY)
        self._save(THUMBNAILS, at, small.getvalue())
        self._thumbnail_at = at

    def _save(self, kind: str, at: float, data: bytes) -> None:
        folder = self._folder / kind
        folder.mkdir(mode=0o700, exist_ok=True)
        file = os.open(folder / f"{at:.3f}.jpg", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        with os.fdopen(file, "wb") as out:
            out.write(data)


def _jpeg(image: np.ndarray, size: tuple[int, int]) -> bytes:
    from PIL import Image

    small = Image.fromarray(image)
    small.thumbnail(size, Image.Resampling.BOX)
    out = io.BytesIO()
    small.save(out, "jpeg", quality=QUALITY)
    return out.getvalue()
