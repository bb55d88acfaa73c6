"""Pictures of a session's video by source second, decoded in a process of their own."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.capture.picture_memory import Placed, shared_memory
from app.library.film_reader import serve
from app.library.scan import VIDEOS
from app.session.events import Session
from app.session.video_file import VIDEO
from core.errors import SessionError
from core.parent_process import signals_blocked
from core.paths import user_path
from core.raw_picture import RawPicture

if TYPE_CHECKING:
    import numpy as np

    from app.capture.picture_memory import PictureMemory

START_S = 20.0
"""For a new process to start on a busy machine, and the first picture."""
ANSWER_S = 10.0
"""For a picture; one decodes up to two seconds of film for it."""
END_S = 0.5
TITLE = "The video cannot be shown"


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

    Whatever its data do to the decoder, they do to the process: one that dies or hangs is left, and told of.
    """

    def __init__(self, path: Path, jumps: Sequence[tuple[float, float]] = ()) -> None:
        """jumps: from which source second on which second of the film was watched; a session's own video has none."""
        self._path = path
        self._jumps = () if path.name == VIDEO else jumps
        self._process: multiprocessing.context.SpawnProcess | None = None
        self._connection: Any = None
        self._memory: PictureMemory | None = None
        self._patience_s = START_S
        self._lock = threading.Lock()
        self._interrupted = False

    def picture(self, at: float) -> np.ndarray | None:
        """The last picture at or before the source second `at`: uint8 RGB (height, width, 3); None before the first,
        and once interrupted.

        Raises SessionError for a video that cannot be read.
        """
        if self._process is None and not self._start():
            return None
        try:
            self._connection.send(self._in_film(at))
            if not self._connection.poll(self._patience_s):
                raise self._failed("its decoder hangs")
            self._patience_s = ANSWER_S
            answer = self._connection.recv()
            return self._shown(answer)
        except (OSError, EOFError, ValueError) as error:
            if self._interrupted:
                return None
            raise self._failed("its decoder crashed on these data") from error

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
        if process is None:
            return
        process.kill()
        process.join(END_S)
        self._connection.close()
        if self._memory is not None:
            self._memory.close()
        self._patience_s = START_S

    def _in_film(self, at: float) -> float:
        """Which second of the film was watched then."""
        before = [(begin, to) for begin, to in self._jumps if begin <= at + 1e-3]
        return at if not before else at - before[-1][0] + before[-1][1]

    def _start(self) -> bool:
        """False when interrupted."""
        context = multiprocessing.get_context("spawn")
        with self._lock:
            if self._interrupted:
                return False
            self._memory = shared_memory()
            self._connection, child_end = context.Pipe()
            arguments = (child_end, self._path, self._memory, os.getpid())
            self._process = context.Process(target=serve, args=arguments, name="courtside-film", daemon=True)
            with signals_blocked({signal.SIGINT}):
                self._process.start()
            child_end.close()
        return True

    def _shown(self, answer: Any) -> np.ndarray | None:
        if isinstance(answer, str):
            raise SessionError(TITLE, answer)
        if not isinstance(answer, Placed):
            return answer
        assert self._memory is not None
        taken = self._memory.take(answer)
        return taken.rgb() if isinstance(taken, RawPicture) else taken

    def _failed(self, why: str) -> SessionError:
        self.close()
        return SessionError(TITLE, f"{self._path.name}: {why}")
