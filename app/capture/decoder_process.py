"""The decoder's process as its owner sees it: opened, asked, hung up on; no wait in it is without bound."""

from __future__ import annotations

import multiprocessing
import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from multiprocessing.connection import wait

from app.capture.decoder import OPEN_TIMEOUT_S, Answer, Lost, Opened, Picture, Recipe, serve
from core.errors import SourceError

START_S = 20.0
"""For a new process to start on a busy machine, besides the time for opening."""
ANSWER_S = 4.0
"""For an answer; decoding a large picture takes tenths."""


class DecoderProcess:
    """One child process for one address. Belongs to the capture thread; `interrupt` may come from any thread."""

    def __init__(self, recipe: Recipe) -> None:
        self._name = recipe.name
        context = multiprocessing.get_context("spawn")
        self._connection, self._child_end = context.Pipe()
        self._woken, self._wake = context.Pipe(duplex=False)
        self._process = context.Process(
            target=serve, args=(self._child_end, recipe), name="courtside-decoder", daemon=True
        )
        self._lock = threading.Lock()
        self._closed = False

    def open(self) -> Opened | None:
        """Start the process and wait until it has opened. None when interrupted. Raises SourceError."""
        with _signals_blocked():
            self._process.start()
        self._child_end.close()
        answer = self._answer(START_S + OPEN_TIMEOUT_S)
        if isinstance(answer, Lost):
            raise SourceError(answer.title, answer.why)
        assert answer is None or isinstance(answer, Opened)
        return answer

    def newest(self, after: int, patience_s: float = ANSWER_S) -> Picture | Lost | None:
        """A picture later than number `after`; None when there is none yet, or when interrupted. Raises SourceError."""
        try:
            self._connection.send(after)
        except OSError as error:
            raise self._crashed() from error
        answer = self._answer(patience_s)
        assert not isinstance(answer, Opened)
        return answer

    def interrupt(self) -> None:
        """End every wait, now and later."""
        with self._lock:
            if not self._closed:
                self._wake.send_bytes(b"!")

    def close(self) -> None:
        """End the process at once."""
        with self._lock:
            if self._closed:
                return
            self._closed = True
        if self._process.pid is not None:
            self._process.kill()
            self._process.join()
        self._process.close()
        for end in (self._connection, self._child_end, self._woken, self._wake):
            end.close()

    def _answer(self, patience_s: float) -> Answer:
        ready = wait([self._connection, self._woken], patience_s)
        if self._woken in ready:
            return None
        if not ready:
            raise SourceError("The source was lost", f"{self._name}: its decoder hangs")
        try:
            answer: Answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise self._crashed() from error
        return answer

    def _crashed(self) -> SourceError:
        return SourceError("The source was lost", f"{self._name}: its decoder crashed on what it was sent")


@contextmanager
def _signals_blocked() -> Iterator[None]:
    """A process started inside hears no Ctrl-C before it can ignore it."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
