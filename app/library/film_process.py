"""The other side of `app.library.film_reader`: one process that decodes a video, and what is asked of it."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.capture.picture_memory import Placed, shared_memory
from app.library.film_reader import serve
from core.errors import SessionError
from core.parent_process import signals_blocked
from core.raw_picture import RawPicture

if TYPE_CHECKING:
    import numpy as np

START_S = 20.0
"""For a new process to start on a busy machine, and the first picture."""
ANSWER_S = 10.0
"""For a picture; one decodes up to two seconds of film for it."""
END_S = 0.5
TITLE = "The video cannot be shown"


class FilmProcessLost(SessionError):
    """It died or hangs; another one may do better."""


class FilmProcess:
    """One decoder. One thread at a time, but `kill`.

    A thread of its own starts the process and lasts as long: the kernel ends a child with the thread that started it
    (`core.parent_process.end_with_parent`), and who asks for pictures may come from a different thread each time.
    """

    def __init__(self, path: Path) -> None:
        """Starts it. Raises SessionError where the system has no room for another process."""
        context = multiprocessing.get_context("spawn")
        self._path = path
        self._memory = shared_memory()
        self._connection, child_end = context.Pipe()
        self._patience_s = START_S
        arguments = (child_end, path, self._memory, os.getpid())
        self._process = context.Process(target=serve, args=arguments, name="courtside-film", daemon=True)
        self._started = threading.Event()
        self._refused: OSError | None = None
        self._keeper = threading.Thread(target=self._keep, name="film", daemon=True)
        self._keeper.start()
        self._started.wait()
        child_end.close()
        if self._refused is not None:
            self.close()
            raise SessionError(TITLE, f"{path.name}: its decoder cannot be started ({self._refused.strerror})")

    def picture(self, at: float) -> np.ndarray | None:
        """The last picture at or before that second of the film: uint8 RGB (height, width, 3); None before the first.

        Raises SessionError for a video that cannot be read, FilmProcessLost where nothing more can be asked.
        """
        try:
            self._connection.send(at)
            if not self._connection.poll(self._patience_s):
                raise FilmProcessLost(TITLE, f"{self._path.name}: its decoder hangs")
            self._patience_s = ANSWER_S
            return self._shown(self._connection.recv())
        except (OSError, EOFError, ValueError) as error:
            raise FilmProcessLost(TITLE, f"{self._path.name}: its decoder crashed on these data") from error

    def kill(self) -> None:
        """From any thread: who waits for a picture is told at once that it is lost."""
        if self._refused is None:
            self._process.kill()

    def close(self) -> None:
        """Ends it."""
        self.kill()
        self._keeper.join(END_S)
        self._connection.close()
        if self._memory is not None:
            self._memory.close()

    def _keep(self) -> None:
        try:
            with signals_blocked({signal.SIGINT}):
                self._process.start()
        except OSError as error:
            self._refused = error
            return
        finally:
            self._started.set()
        self._process.join()

    def _shown(self, answer: Any) -> np.ndarray | None:
        if isinstance(answer, str):
            raise SessionError(TITLE, answer)
        if not isinstance(answer, Placed):
            return answer
        assert self._memory is not None
        taken = self._memory.take(answer)
        return taken.rgb() if isinstance(taken, RawPicture) else taken
