"""The decoder's process as its owner sees it: opened, asked, hung up on; no wait in it is without bound."""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections.abc import Iterator
from dataclasses import replace

from app.capture.decoder import serve
from app.capture.decoder_messages import Answer, Lost, Opened, Picture, Recipe
from app.capture.hang_watch import OPENS_A_FILE, OPENS_AN_ADDRESS, READS_A_FILE, READS_AN_ADDRESS, HangWatch
from app.capture.picture_memory import PictureMemory, Placed, shared_memory
from core.engine.watchdog import Patience
from core.errors import SourceError
from core.parent_process import signals_blocked

ANSWER_S = 4.0
"""For an answer of a live one; decoding a large picture takes tenths."""
USUAL_SHARE = 3.0
"""A stored film's picture may take so many times as long as the slowest before it."""
END_S = 0.5
"""For a killed process to be gone; one that waits for a disk that is not there goes later, by itself."""


class DecoderDied(SourceError):
    """Its process has ended by itself; a new one may do better at another place."""

    how = "died"


class DecoderHung(DecoderDied):
    """It has not, and will not answer."""

    how = "hung"


class SourceAway(SourceError):
    """Reading a stored film from its address broke off."""


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
        self._slowest_s = 0.0  # wait for a picture of a stored film after its first

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
        answer = self._answer(OPENS_A_FILE if self._recipe.file else OPENS_AN_ADDRESS)
        if isinstance(answer, Lost):
            raise SourceError(answer.title, answer.why)
        assert answer is None or isinstance(answer, Opened)
        return answer

    def newest(self, after: int, patience_s: float = ANSWER_S) -> Picture | Lost | None:
        """A picture later than number `after`; None when there is none yet, or when interrupted. Raises SourceError."""
        self._ask(after)
        return self._picture(self._answer(Patience(silent_s=patience_s, busy_s=patience_s, total_s=patience_s)))

    def pictures(self) -> Iterator[Picture]:
        """All pictures of a stored film, in order, until it ends or is interrupted; the next one is made meanwhile.

        Raises SourceError for one of which there is no picture, DecoderDied when the process dies or hangs, SourceAway
        when its address does not answer any more; any other fault ends it and is told in `warning`.
        """
        last: Picture | None = None
        self._ask(0)
        try:
            while (placed := self._following(last)) is not None:
                self._ask(placed.number)
                picture = self._picture(placed)
                assert isinstance(picture, Picture)
                last = picture
                yield picture
        except (DecoderDied, SourceAway):
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

    def _following(self, last: Picture | None) -> Picture | Placed | None:
        """The answer after `last` of a stored film; None at its end, and when interrupted."""
        patience = self._patience(last)
        begun = time.monotonic()
        while (answer := self._answer(patience)) is None:
            if self._woken.poll():
                return None
        if last is not None:
            self._slowest_s = max(self._slowest_s, time.monotonic() - begun)
        if isinstance(answer, Lost):
            if answer.away:
                raise SourceAway("The source was lost", answer.why)
            if answer.title:
                raise SourceError(answer.title, answer.why)
            self.warning = answer.why
            return None
        assert not isinstance(answer, Opened)
        return answer

    def _patience(self, last: Picture | None) -> Patience:
        """With the picture of a stored film that follows `last`."""
        if last is None:
            return OPENS_A_FILE if self._recipe.file else OPENS_AN_ADDRESS
        usual = READS_A_FILE if self._recipe.file else READS_AN_ADDRESS
        slow_s = USUAL_SHARE * self._slowest_s
        return replace(usual, silent_s=max(usual.silent_s, slow_s), busy_s=max(usual.busy_s, slow_s))

    def _picture(self, answer: Answer) -> Picture | Lost | None:
        assert not isinstance(answer, Opened)
        if not isinstance(answer, Placed):
            return answer
        assert self._memory is not None
        try:
            return Picture(answer.number, answer.seconds, self._memory.take(answer), answer.sound)
        except ValueError as error:
            raise self._crashed() from error

    def _answer(self, patience: Patience) -> Answer:
        process_id = None if self._process is None else self._process.pid
        ready = HangWatch(patience, process_id).wait([self._connection, self._woken])
        if self._woken in ready:
            return None
        if not ready:
            raise DecoderHung("The source was lost", f"{self._name}: its decoder hangs")
        try:
            answer: Answer = self._connection.recv()
        except (EOFError, OSError) as error:
            raise self._crashed() from error
        return answer

    def _crashed(self) -> DecoderDied:
        return DecoderDied("The source was lost", f"{self._name}: its decoder crashed on these data")
