"""A video file as a source."""

from __future__ import annotations

import importlib.util
import os
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import unquote

from app.addresses import split_address
from app.capture.decoder_messages import Recipe
from app.capture.film_decoder import FilmDecoder
from app.capture.source import SourceNotice
from app.capture.source_kind import Check, PickerEntry, SourceKind
from app.capture.stored import StoredSource
from core.errors import SourceError
from core.paths import user_path
from core.types import Frame

if TYPE_CHECKING:
    import numpy as np

    from app.capture.source import CaptureOptions
    from core.raw_picture import RawPicture


class FileSource(StoredSource):
    """Plays a video file, decoded in a process of its own. A damaged one plays until the damage and then says so in
    `warning`; what kills the decoder is left out and told."""

    def __init__(self, path: Path, options: CaptureOptions) -> None:
        """Raises SourceError when there is no such file: before any model is loaded."""
        super().__init__(path.name, options)
        if not os.path.isfile(path):  # False for a name that no disk can hold, too
            why = "is no file" if os.path.exists(path) else "does not exist"
            raise SourceError("No such file", f"{path} {why}")
        self._begin_s = options.begin_s
        recipe = Recipe(path.name, str(path), file=True, rate=options.rate, begin_s=options.begin_s)
        self._decoder = FilmDecoder(recipe)

    def open(self) -> None:
        self._decoder.open()
        super().open()

    def pictures(self) -> Iterator[tuple[float, np.ndarray | RawPicture] | SourceNotice]:
        if self._begin_s > 0:
            yield SourceNotice("", "", self._begin_s, jumped=True)
        for picture in self._decoder.pictures():
            yield picture if isinstance(picture, SourceNotice) else (picture.seconds, picture.pixels)
        self.warning = self._decoder.warning

    def read(self) -> Frame | SourceNotice | None:
        taken = super().read()
        return replace(taken, film_s=taken.media_time) if isinstance(taken, Frame) else taken

    @property
    def duration(self) -> float | None:
        return self._decoder.duration

    @property
    def position(self) -> float:
        return self._decoder.at

    @property
    def speed(self) -> float:
        return self._speed

    def seek(self, seconds: float) -> None:
        self._decoder.seek(seconds)
        self._pacer.skip()

    def set_speed(self, speed: float) -> None:
        self._speed = speed

    def interrupt(self) -> None:
        super().interrupt()
        self._decoder.interrupt()

    def close(self) -> None:
        super().close()
        self._decoder.close()


def path_of(spec: str) -> Path:
    """The path that a SOURCE names, which may be written as file:///PATH."""
    parts = split_address(spec)
    if parts is not None and parts[0] == "file":
        return Path(unquote(parts[1].removeprefix("localhost")))
    return user_path(spec)


def _open(spec: str, options: CaptureOptions) -> FileSource | None:
    path = path_of(spec)
    return FileSource(path, options) if spec and (os.path.exists(path) or path.suffix or "/" in spec) else None


def _checks() -> list[Check]:
    if importlib.util.find_spec("av") is None:
        return [Check("Video files", "missing", "no PyAV", "pip install av")]
    import av

    return [Check("Video files", "ok", f"PyAV {av.__version__} with FFmpeg {av.ffmpeg_version_info}")]


FILE = SourceKind(
    "a video file",
    _open,
    lambda screens: [PickerEntry("Video file…", "", "browse")],
    _checks,
    lambda spec: os.path.isfile(path_of(spec)),
)
