"""Pictures of a session's video by source second, decoded in a process of their own."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from app.library.film_process import FilmProcess, FilmProcessLost
from app.library.scan import VIDEOS
from app.session.events import Session
from app.session.video_file import VIDEO
from core.paths import user_path

if TYPE_CHECKING:
    import numpy as np

RESTARTS = 2
"""Of a decoder that dies or hangs, for one picture."""
RESTART_WITHIN_S = 15.0
"""Since that picture was asked for: one that hangs is tried once more only."""

log = logging.getLogger(__name__)


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
    """A video, opened when the first picture is asked for. One thread at a time, but `interrupt`.

    Whatever its data do to the decoder, they do to the process: one that dies or hangs is left, another one goes on at
    the place, and where that fails, too, it is told.
    """

    def __init__(self, path: Path, jumps: Sequence[tuple[float, float]] = ()) -> None:
        """jumps: from which source second on which second of the film was watched; a session's own video has none."""
        self._path = path
        self._jumps = () if path.name == VIDEO else jumps
        self._process: FilmProcess | None = None
        self._lock = threading.Lock()
        self._interrupted = False

    def picture(self, at: float) -> np.ndarray | None:
        """The last picture at or before the source second `at`: uint8 RGB (height, width, 3); None before the first,
        and once interrupted.

        Raises SessionError for a video that cannot be read.
        """
        began = time.monotonic()
        restarts = 0
        while (process := self._running()) is not None:
            try:
                return process.picture(self._in_film(at))
            except FilmProcessLost as error:
                self.close()
                too_often = restarts == RESTARTS or time.monotonic() - began > RESTART_WITHIN_S
                if too_often and not self._interrupted:
                    raise
                restarts += 1
                log.info("%s; starting another one", error)
        return None

    def interrupt(self) -> None:
        """From any thread: who waits for a picture gets none, and nobody does later."""
        with self._lock:
            self._interrupted = True
            if self._process is not None:
                self._process.kill()

    def close(self) -> None:
        """Ends the process."""
        with self._lock:
            process = self._process
            self._process = None
        if process is not None:
            process.close()

    def _in_film(self, at: float) -> float:
        """Which second of the film was watched then."""
        before = [(begin, to) for begin, to in self._jumps if begin <= at + 1e-3]
        return at if not before else at - before[-1][0] + before[-1][1]

    def _running(self) -> FilmProcess | None:
        """The process, started where there is none; None when interrupted. Raises SessionError."""
        with self._lock:
            if self._interrupted:
                return None
            if self._process is None:
                self._process = FilmProcess(self._path)
            return self._process
