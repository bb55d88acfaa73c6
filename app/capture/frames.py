"""A folder of PNG pictures as a source: lossless, for tests and for looking closely."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from app.capture.source_kind import SourceKind, after_word
from app.capture.stored import StoredSource
from core.errors import UsageError
from core.paths import user_path
from core.video.folder import PictureFolder

if TYPE_CHECKING:
    import numpy as np

    from app.capture.source import CaptureOptions


class FramesSource(StoredSource):
    """Picture i is shown at i / fps: every picture goes to the model."""

    def __init__(self, path: Path, options: CaptureOptions) -> None:
        """Raises SourceError when there is no such folder, or no picture in it."""
        super().__init__(f"frames:{path.name}", options)
        self._folder = PictureFolder(path)

    def pictures(self) -> Iterator[tuple[float, np.ndarray]]:
        return ((index / self._options.fps, image) for index, image in enumerate(self._folder.pictures()))


def _open(spec: str, options: CaptureOptions) -> FramesSource | None:
    rest = after_word(spec, "frames")
    if rest == "":
        raise UsageError("Unknown source", "frames:DIR needs a folder of PNG pictures")
    return None if rest is None else FramesSource(user_path(rest), options)


def _shows_again(spec: str) -> bool:
    folder = after_word(spec, "frames")
    return bool(folder) and os.path.isdir(user_path(str(folder)))


FRAMES = SourceKind("frames:DIR", _open, shows_again=_shows_again)
