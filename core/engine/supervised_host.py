"""An engine that is started again when its process dies or hangs, with the words it remembered."""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any

import numpy as np

from core.config import StreamConfig
from core.engine.child_host import ChildHost
from core.engine.host import ProgressCallback, ignore_progress
from core.errors import EngineError, EngineGone
from core.messages import (
    Adjust,
    Ask,
    Command,
    Degraded,
    Failure,
    Gap,
    LimitMemory,
    Line,
    Message,
    Piece,
    Ready,
    Restore,
    Stats,
    Steer,
    TextMemory,
)
from core.types import Chunk

log = logging.getLogger(__name__)
RESTARTED = "the engine was started again"
"""The reason of a Gap."""
RESTARTS = 3
WITHIN_S = 120.0
"""More than RESTARTS within WITHIN_S, or in a row without a word, is a crash loop, which ends the stream."""
BACKOFF_S = (0.0, 1.0, 5.0)
"""Before an engine is started again: after its own work, and after the first and second one that did none."""
AGAIN = "The engine is started again"
KEEPS_STOPPING = "The engine keeps stopping"
"""Titles of what is told."""
REMEDY = "choose a smaller model or size, set a memory limit or device cpu, and start again"


class SupervisedHost:
    """A `Host` over child processes, one after another.

    A round whose engine ends is lost: it yields a Failure that is not fatal and a Gap; where it ends between rounds, no
    round is. The next one is spoken by a new engine that was given the text memory, the settings and the open questions
    of the one before, at once where the one before had spoken or finished a round. Rounds keep counting. What a
    checkpoint or the machine refuses while loading for the first time is raised, as are crash loops; a process that
    dies or hangs while it loads is started again, too.
    """

    def __init__(
        self,
        config: StreamConfig,
        make_host: Callable[[StreamConfig], ChildHost] = ChildHost,
        *,
        earlier: TextMemory | None = None,
        first_round: int = 0,
    ) -> None:
        """earlier: words of a stream that this one goes on from. first_round: what its first round is called."""
        self._earlier = earlier
        self._config = config
        self._make_host = make_host
        self._lock = threading.Lock()  # over the host in use, and what a new one must be told
        self._host = make_host(config)
        self._interrupted = threading.Event()
        self._frame: np.ndarray | None = None
        self._changes: dict[str, Any] = {}
        self._limit: LimitMemory | None = None
        self._steers: list[Steer] = []  # since the last round
        self._questions: deque[Ask] = deque()
        self._first_round = first_round  # of the engine in use
        self._next_round = first_round
        self._restarts: deque[float] = deque(maxlen=RESTARTS)
        self._in_vain = 0  # restarts since an engine last spoke or finished a round

    @property
    def process_id(self) -> int | None:
        """Of the engine in use; None before `start`."""
        return self._host.process_id

    @property
    def memory(self) -> TextMemory | None:
        """As `ChildHost.memory`."""
        return self._host.memory or self._earlier

    def start(self, on_progress: ProgressCallback = ignore_progress) -> Ready:
        """As `ChildHost.start`. Raises EngineError in a crash loop."""
        try:
            ready = self._host.start(on_progress)
            self._remind(self._host)
            return ready
        except EngineGone as error:
            if self._interrupted.is_set():
                raise
            on_progress(Failure(AGAIN, f"{error.message}.", fatal=False))
            again = self._restart(error, on_progress)
            if again is None:
                raise
            return again

    def interrupt(self) -> None:
        """As `ChildHost.interrupt`; ends a restart, too."""
        self._interrupted.set()
        with self._lock:
            self._host.interrupt()

    def prepare_shapes(self, frame: np.ndarray) -> None:
        """As `ChildHost.prepare_shapes`; a new engine is prepared likewise."""
        self._frame = frame
        try:
            self._host.prepare_shapes(frame)
        except EngineGone as error:
            if not self._interrupted.is_set():
                self._restart(error)

    def prefill_ahead(self, partial: Chunk) -> Iterable[Message]:
        """As `ChildHost.prefill_ahead`. An engine that has ended between rounds is started again here: none is lost."""
        try:
            return self._host.prefill_ahead(partial)
        except EngineError as error:
            return () if self._interrupted.is_set() else self._started_again(error)

    def step(self, chunk: Chunk) -> Iterator[Message]:
        """One round. Raises EngineError in a crash loop."""
        number = self._next_round
        try:
            for message in self._host.step(chunk):
                yield self._numbered(message)
        except EngineError as error:
            if self._interrupted.is_set():
                return
            reason = error
        else:
            self._note_round()
            return
        self._next_round = number + 1  # whether or not anything was said in the one that is lost
        yield from self._started_again(reason)
        yield Gap(chunk.start, chunk.end, RESTARTED)

    def send(self, command: Command) -> None:
        """As `ChildHost.send`. A command that the engine in use never gets is given to the next one."""
        with self._lock:
            match command:
                case Ask():
                    self._questions.append(command)
                case Steer():
                    self._steers.append(command)
                case Adjust(changes=changes):
                    self._changes |= changes
                case LimitMemory():
                    self._limit = command
            host = self._host
        host.send(command)

    def close(self) -> None:
        """As `ChildHost.close`."""
        self._interrupted.set()
        with self._lock:
            host = self._host
        host.close()

    def _started_again(self, reason: EngineError) -> Iterator[Message]:
        yield Failure(AGAIN, f"{reason.message}. What was said is remembered.", fatal=False)
        self._restart(reason)

    def _numbered(self, message: Message) -> Message:
        if not isinstance(message, Piece | Line | Stats | Degraded):
            return message
        number = self._first_round + message.round
        self._next_round = number + 1
        self._in_vain = 0
        return replace(message, round=number)

    def _note_round(self) -> None:
        """What the engine has been told is in its memory now; one question has been answered."""
        with self._lock:
            self._steers.clear()
            if self._questions:
                self._questions.popleft()

    def _restart(self, reason: EngineError, on_progress: ProgressCallback = ignore_progress) -> Ready | None:
        """A new engine in the place of one that has ended; None when interrupted. Raises EngineError in a crash loop,
        and what a checkpoint or the machine refuses by then.
        """
        memory = self._host.memory
        while not self._interrupted.is_set():
            wait_s = self._backoff_s(reason)
            self._host.close()
            log.info("the engine is started again after %g s: %s", wait_s, reason.message)
            if self._interrupted.wait(wait_s):
                return None
            with self._lock:
                host = self._host = self._make_host(self._config)
            host.memory = memory
            self._first_round = self._next_round
            try:
                ready = host.start(on_progress)
                if self._frame is not None:
                    host.prepare_shapes(self._frame)
                self._tell(host)
                return ready
            except EngineError as error:
                reason = error
        return None

    def _backoff_s(self, reason: EngineError) -> float:
        """Notes a restart; seconds to wait before it. Raises EngineError in a crash loop."""
        now = time.monotonic()
        recent = [at for at in self._restarts if now - at < WITHIN_S]
        if self._in_vain == RESTARTS:
            how_often = f"{RESTARTS} times in a row before it spoke"
        elif len(recent) == RESTARTS:
            how_often = f"{RESTARTS} times within {WITHIN_S:.0f} s"
        else:
            self._restarts.append(now)
            self._in_vain += 1
            return BACKOFF_S[self._in_vain - 1]
        raise EngineError(KEEPS_STOPPING, f"{how_often} ({reason.message}); {REMEDY}") from reason

    def _tell(self, host: ChildHost) -> None:
        """Give a new engine the memory, the settings and what has not been answered."""
        with self._lock:
            told: list[Command] = [] if host.memory is None else [Restore(host.memory)]
            told += [Adjust(dict(self._changes))] if self._changes else []
            told += [self._limit] if self._limit is not None else []
            told += [*self._steers, *self._questions]
        if host.memory is None:
            self._remind(host)
        for command in told:
            host.send(command)

    def _remind(self, host: ChildHost) -> None:
        """Give an engine that has not had a round what was said in the stream before."""
        if self._earlier is not None:
            host.send(Restore(self._earlier, own_context=True))
