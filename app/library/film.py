"""Pictures of a session's video by source second, for a player that goes back and forth in it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.library.scan import VIDEOS
from app.session.events import Session
from app.session.video_file import VIDEO
from core.errors import SessionError, SourceError
from core.paths import user_path
from core.video.av_errors import reason

if TYPE_CHECKING:
    import numpy as np

READ_ON_S = 2.5
"""What is this little later than the last picture is read on to; for all else the video is searched."""


def video_of(session: Session) -> Path | None:
    """The video that shows what the session saw: beside its events, else the file that was watched.

    An empty one was begun by a session that was killed before its first picture.
    """
    for path in sorted(session.folder.glob("*")):
        if path.suffix.lower() in VIDEOS and path.is_file() and path.stat().st_size:
            return path
    source = session.settings.get("source")
    watched = user_path(source) if isinstance(source, str) and source else None
    try:
        return watched if watched is not None and watched.is_file() else None
    except (OSError, ValueError):  # a name that no disk can hold
        return None


class Film:
    """A video, opened when the first picture is asked for. One thread at a time."""

    def __init__(self, path: Path, jumps: Sequence[tuple[float, float]] = ()) -> None:
        """jumps: from which source second on which second of the film was watched; a session's own video has none."""
        self._path = path
        self._jumps = () if path.name == VIDEO else jumps
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

        at = self._in_film(at)
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

    def _in_film(self, at: float) -> float:
        """Which second of the film was watched then."""
        before = [(begin, to) for begin, to in self._jumps if begin <= at + 1e-3]
        return at if not before else at - before[-1][0] + before[-1][1]

    def _open(self) -> None:
        import av

        from core.video.reader import picture_track

        self._container = av.open(f"file:{self._path}", metadata_errors="replace")
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
