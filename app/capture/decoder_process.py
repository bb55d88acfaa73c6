"""The decoder's process as its owner sees it: opened, asked, hung up on; no wait in it is without bound."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
from collections.abc import Iterator
from multiprocessing.connection import wait

from app.capture.decoder import serve
from app.capture.decoder_messages import Answer, Lost, Opened, Picture, Recipe
from app.capture.packet_stream import OPEN_TIMEOUT_S
from app.capture.picture_memory import PictureMemory, Placed, shared_memory
from core.errors import SourceError
from core.parent_process import signals_blocked

START_S = 20.0
"""For a new process to start on a busy machine, besides the time for opening."""
ANSWER_S = 4.0
"""For an answer; decoding a large picture takes tenths."""
STORED_ANSWER_S = 30.0
"""For the next frame of a stored film: the network or the disk may be slow."""
END_S = 0.5
"""For a killed process to be gone; one that waits for a disk that is not there goes later, by itself."""


class DecoderDied(SourceError):
    """Its process has ended by itself; a new one may do better at another place."""


class DecoderProcess:
    """One child process for one address or file. Belongs to the capture thread; `interrupt` may come from any thread.

    Attributes:
        warning: after the last picture of a stored film, why there were no more of them ("" when all is well).
    """

    def __init__(self, recipe: Recipe) -> None:
        self.warning = ""
        self._recipe = recipe
        self._name = recipe.name
        self._context = multiprocessing.get_context("spawn")
        self._connection, self._child_end = self._context.Pipe()
        self._woken, self._wake = self._context.Pipe(duplex=False)
        self._memory: PictureMemory | None = None
        self._process: multiprocessing.context.SpawnProcess | None = None
        self._lock = threading.Lock()
        self._closed = False

    def open(self) -> Opened | None:
        """Start the process and wait until it has opened. None when interrupted. Raises SourceError."""
        self._memory = shared_memory()
        self._process = self._context.Process(
            target=serve,
            args=(self._child_end, self._recipe, self._memory, os.getpid()),
            name="courtside-decoder",
            daemon=True,
        )
        with signals_blocked({signal.SIGINT}):
            self._process.start()
        self._child_end.close()
        answer = self._answer(START_S + OPEN_TIMEOUT_S)
        if isinstance(answer, Lost):
            raise SourceError(answer.title, answer.why)
        assert answer is None or isinstance(answer, Opened)
        return answer

    def newest(self, after: int, patience_s: float = ANSWER_S) -> Picture | Lost | None:
        """A picture later than number `after`; None when there is none yet, or when interrupted. Raises SourceError."""
        self._ask(after)
        return self._picture(self._answer(patience_s))

    def pictures(self) -> Iterator[Picture]:
        """All pictures of a stored film, in order, until it ends or is interrupted; the next one is made meanwhile.

        Raises SourceError for one of which there is no picture, DecoderDied when the process dies; any other fault
        after the first picture ends it and is told in `warning`.
        """
        last: Picture | None = None
        self._ask(0)
        try:
            while (placed := self._following()) is not None:
                self._ask(placed.number)
                picture = self._picture(placed)
                assert isinstance(picture, Picture)
                last = picture
                yield picture
        except DecoderDied:
            raise
        except SourceError as error:
            if last is None:
                raise
            self.warning = f"{error.message} (after {last.seconds:.1f} s)"

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
        if self._process is not None and self._process.pid is not None:
            self._process.kill()
            self._process.join(END_S)
        for end in (self._connection, self._child_end, self._woken, self._wake):
            end.close()
        if self._memory is not None:
            self._memory.close()

    def _ask(self, number: int) -> None:
        try:
            self._connection.send(number)
        except OSError as error:
            raise self._crashed() from error

    def _following(self) -> Picture | Placed | None:
        """The next answer of a stored film; None at its end, and when interrupted."""
        while (answer := self._answer(STORED_ANSWER_S)) is None:
            if self._woken.poll():
                return None
        if isinstance(answer, Lost):
            if answer.title:
                raise SourceError(answer.title, answer.why)
            self.warning = answer.why
            return None
        assert not isinstance(answer, Opened)
        return answer

    def _picture(self, answer: Answer) -> Picture | Lost | None:
        assert not isinstance(answer, Opened)
        if not isinstance(answer, Placed):
            return answer
        assert self._memory is not None
        try:
            return Picture(answer.number, answer.seconds, self._memory.take(answer))
        except ValueError as error:
            raise self._crashed() from error

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

    def _crashed(self) -> DecoderDied:
        return DecoderDied("The source was lost", f"{self._name}: its decoder crashed on these data")
