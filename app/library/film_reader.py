"""The process that decodes a session's video for a player: what a damaged or hostile one does, it does there."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.capture.decoder import limit_process, open_nothing_more
from app.session.video_file import VIDEO
from core.errors import SessionError, SourceError
from core.parent_process import end_with_parent
from core.video.av_errors import reason

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np

    from app.capture.picture_memory import PictureMemory

READ_ON_S = 2.5
"""What is this little later than the last picture is read on to; for all else the video is searched."""


def serve(connection: Connection, path: Path, memory: PictureMemory | None, parent: int) -> None:
    """The process: answers each source second with where its picture lies (the picture, without `memory`), None where
    there is none yet, or in words why it cannot be shown; until the other side hangs up."""
    end_with_parent(parent)
    limit_process()
    reader = FilmReader(path)
    number = 0
    with suppress(OSError, EOFError):
        while True:
            at: float = connection.recv()
            number += 1
            try:
                picture = reader.picture(at)
            except SessionError as error:
                connection.send(error.message)
                continue
            except Exception as error:  # noqa: BLE001 - whatever an input does to FFmpeg's binding
                connection.send(f"{path.name}: {reason(error)}")
                continue
            placed = picture if picture is None or memory is None else memory.put(number, at, picture)
            connection.send(placed)
            open_nothing_more(reader.form)
    os._exit(0)


class FilmReader:
    """A video, opened when the first picture is asked for. One thread at a time.

    Attributes:
        form: what FFmpeg calls its kind of container; "" until it is open.
    """

    def __init__(self, path: Path) -> None:
        self.form = ""
        self._path = path
        self._container: Any = None
        self._frames: Iterator[Any] = iter(())
        self._shown: Any = None
        self._following: Any = None
        self._origin = 0.0

    def picture(self, at: float) -> np.ndarray | None:
        """The last picture at or before the source second `at`: uint8 RGB (height, width, 3); None before the first.

        Raises SessionError for a video that cannot be read.
        """
        import av

        from core.video.picture import upright

        try:
            if self._container is None:
                self._open()
            if not self._is_near(at):
                self._seek(at)
            while self._following is not None and self._following.time - self._origin <= at + 1e-3:
                self._shown = self._following
                self._following = self._next()
            if self._shown is None:
                return None
            return upright(self._shown, self._container.streams.video[0].sample_aspect_ratio)
        except (av.error.FFmpegError, OSError, ValueError, SourceError) as error:
            why = error.message if isinstance(error, SourceError) else reason(error)
            raise SessionError("The video cannot be shown", f"{self._path.name}: {why}") from error

    def close(self) -> None:
        if self._container is not None:
            self._container.close()
            self._container = None

    def _open(self) -> None:
        import av

        from core.video.reader import picture_track

        self._container = av.open(f"file:{self._path}", metadata_errors="replace")
        self.form = str(self._container.format.name)
        track = picture_track(self._container, self._path.name)
        track.thread_type = "SLICE"
        if self._path.name != VIDEO:  # there, seconds are those of the source
            self._origin = (self._container.start_time or 0) / av.time_base

    def _is_near(self, at: float) -> bool:
        shown = self._shown
        return shown is not None and 0 <= at - (shown.time - self._origin) < READ_ON_S

    def _seek(self, at: float) -> None:
        """Back to the last key picture at or before that second."""
        import av

        from core.video.reader import picture_track

        track = picture_track(self._container, self._path.name)
        self._container.seek(max(0, int((at + self._origin) * av.time_base)), backward=True)
        self._frames = self._container.decode(track)
        self._shown = None
        self._following = self._next()

    def _next(self) -> Any:
        """The next picture that has a time; None at the end, which a damaged place is, too."""
        import av

        try:
            return next((frame for frame in self._frames if frame.time is not None), None)
        except av.error.FFmpegError:
            if self._shown is None:
                raise
            return None
