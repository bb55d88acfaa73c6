"""Where the engine lives: in the caller's thread, or in a child process that a fault or a slow import cannot escape.

Both hosts behave alike: `start` loads (and fetches what must be fetched, telling how far it is), `interrupt` gives that
up from any thread, `meet` makes ready for pictures of a size, `look` shows what there is of a chunk so that less is
left to do when it is complete, `step` yields a round's messages and ends with its Stats, `send` may come from any
thread between or during rounds, `close` is final. Importing this module loads no torch.
"""

from __future__ import annotations

import atexit
import contextlib
import gc
import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Literal, Protocol

import numpy as np

from core.config import StreamConfig
from core.errors import CourtsideError, EngineError, UsageError
from core.messages import Command, Failure, Loading, Message, Ready, Stats
from core.types import Chunk

if TYPE_CHECKING:
    from core.engine.engine import Engine

Say = Callable[[Loading], None]
PARENTS_SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""Sent to a whole process group, they are the parent's to handle; the child ends when its pipe does."""


@dataclass(frozen=True, slots=True)
class Delivery:
    """A chunk on its way to the child.

    Attributes:
        chunk: with those frames only that the child does not have. there: how many it has, of the same chunk.
        complete: it is a round's whole chunk, not what there is of one.
    """

    chunk: Chunk
    there: int
    complete: bool


def _say_nothing(loading: Loading) -> None:
    pass


class Host(Protocol):
    """What the stream needs of a host."""

    def start(self, on_progress: Say = ...) -> Ready: ...

    def interrupt(self) -> None: ...

    def meet(self, picture: np.ndarray) -> None: ...

    def look(self, begun: Chunk) -> None: ...

    def step(self, chunk: Chunk) -> Iterator[Message]: ...

    def send(self, command: Command) -> None: ...

    def close(self) -> None: ...


class InlineHost:
    """The engine in the thread that calls `start` and `step`."""

    def __init__(self, config: StreamConfig) -> None:
        self.config = config
        self._commands: deque[Command] = deque()
        self._engine: Engine | None = None
        self._interrupted = threading.Event()

    def start(self, on_progress: Say = _say_nothing) -> Ready:
        """Load the checkpoint and warm up. Raises CheckpointError or UsageError; EngineError when interrupted."""
        begun = time.perf_counter()
        from core.engine.loading import load_engine  # loads torch

        self._engine = engine = load_engine(self.config, on_progress, self._interrupted)
        gc.collect()
        gc.freeze()  # looking through all that torch has loaded would delay a round by 40 ms now and then
        parameters = sum(p.numel() for p in engine.model.parameters())
        dtype = str(engine.dtype).removeprefix("torch.")
        return Ready(engine.checkpoint.name, str(engine.device), dtype, parameters, time.perf_counter() - begun)

    def interrupt(self) -> None:
        """Give a start up, as soon as it may be: between two pieces of a download, or before the weights are read."""
        self._interrupted.set()

    def meet(self, picture: np.ndarray) -> None:
        """Take memory and meet shapes. Raises as `step`."""
        with _told_in_words():
            self._loaded().meet(picture)

    def look(self, begun: Chunk) -> None:
        """Work ahead on a chunk that is not complete, unless a command waits: that comes first. Raises as `step`."""
        if not self._commands:
            with _told_in_words():
                self._loaded().look(begun)

    def step(self, chunk: Chunk) -> Iterator[Message]:
        """One round; a command that makes no sense is told and changes nothing.

        Raises EngineError when memory runs out or the device is lost.
        """
        engine = self._loaded()
        while self._commands:
            try:
                engine.obey(self._commands.popleft())
            except UsageError as error:
                yield Failure(error.title, error.message, fatal=False)
        with _told_in_words():
            yield from engine.step(chunk)

    def send(self, command: Command) -> None:
        """Hand over a command; it takes effect with the next round."""
        self._commands.append(command)

    def close(self) -> None:
        """Let the engine go."""
        self._engine = None
        gc.unfreeze()

    def _loaded(self) -> Engine:
        if self._engine is None:
            raise EngineError("Engine not started", "call start() first")
        return self._engine


class ChildHost:
    """The engine in a child process of its own."""

    def __init__(self, config: StreamConfig) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, child = context.Pipe()
        self._process = context.Process(target=_serve, args=(child, config), name="courtside-engine", daemon=True)
        self._child_end = child
        self._sending = threading.Lock()
        self._turning = threading.Lock()
        self._life: Literal["new", "loading", "ready", "over"] = "new"
        self._closed = False
        self._shown: tuple[np.ndarray, ...] = ()  # frames of the present chunk that the child has

    def start(self, on_progress: Say = _say_nothing) -> Ready:
        """Start the process and load. Raises what loading raised, or EngineError when it died or was interrupted."""
        with self._turning:
            if self._life != "new":
                raise EngineError("Loading stopped", "it was not wanted any more")
            with _signals_held():
                self._process.start()
            self._child_end.close()
            self._life = "loading"
        atexit.register(self.close)  # else Python's own exit would wait for a child that ignores SIGTERM
        while isinstance(message := self._receive(), Loading):
            on_progress(message)
        if not isinstance(message, Ready):
            raise EngineError("Engine confused", f"it answered {type(message).__name__} to the start")
        with self._turning:
            if self._life == "loading":
                self._life = "ready"
        return message

    def interrupt(self) -> None:
        """Give a start up at once: a process that is still loading has nothing to lose."""
        with self._turning:
            if self._life == "loading":
                self._process.kill()
            if self._life != "ready":
                self._life = "over"

    def meet(self, picture: np.ndarray) -> None:
        """Wait until the child has taken memory and met shapes, and is ready again."""
        self._post(picture)
        self._receive()

    def look(self, begun: Chunk) -> None:
        """Send the frames that have come, and do not wait for what the child does with them."""
        self._deliver(begun, complete=False)

    def step(self, chunk: Chunk) -> Iterator[Message]:
        """One round, forwarded as it happens."""
        self._deliver(chunk, complete=True)
        while True:
            message = self._receive()
            yield message
            if isinstance(message, Stats):
                return

    def send(self, command: Command) -> None:
        """Hand over a command; it takes effect with the next round."""
        self._post(command)

    def close(self) -> None:
        """End the process: politely, then firmly; at once while it is still loading."""
        self.interrupt()
        atexit.unregister(self.close)
        with contextlib.suppress(OSError, EngineError):
            self._pipe.close()
        with self._turning:
            self._life = "over"
            if self._closed:
                return
            self._closed = True
        if self._process.pid is None:
            self._child_end.close()
            return
        self._process.join(timeout=3)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def _deliver(self, chunk: Chunk, complete: bool) -> None:
        """Send the frames of a chunk that the child does not have yet."""
        same = [a is b for a, b in zip(self._shown, chunk.frames, strict=False)]
        there = len(same) if all(same) and len(same) == len(self._shown) else 0
        self._post(Delivery(replace(chunk, frames=chunk.frames[there:]), there, complete))
        self._shown = () if complete else chunk.frames

    def _post(self, item: Delivery | Command | np.ndarray) -> None:
        try:
            with self._sending:
                self._pipe.send(item)
        except OSError as error:
            raise self._died() from error

    def _receive(self) -> Message:
        try:
            item = self._pipe.recv()
        except (EOFError, OSError) as error:
            raise self._died() from error
        if isinstance(item, CourtsideError):
            raise item
        return item

    def _died(self) -> CourtsideError:
        with contextlib.suppress(EOFError, OSError):
            while self._pipe.poll():  # it may have said why
                if isinstance(item := self._pipe.recv(), CourtsideError):
                    return item
        if self._closed:
            return EngineError("Engine stopped", "it was closed")
        self._process.join(timeout=1)
        return EngineError(
            "Engine stopped", f"its process ended with status {self._process.exitcode}; press Start again"
        )


@contextlib.contextmanager
def _signals_held() -> Iterator[None]:
    """A process started meanwhile never hears the signals that are its parent's to handle, not even as it begins."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, PARENTS_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, config: StreamConfig) -> None:
    """The child's life: load, then a round for every chunk until the pipe closes."""
    for number in PARENTS_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    host = InlineHost(config)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            pipe.send(ready := host.start(pipe.send))
            frames: tuple[np.ndarray, ...] = ()
            while True:
                item = pipe.recv()
                if isinstance(item, Delivery):
                    frames = (*frames[: item.there], *item.chunk.frames)
                    _show(host, replace(item.chunk, frames=frames), item.complete, pipe)
                elif isinstance(item, np.ndarray):
                    host.meet(item)
                    pipe.send(ready)
                else:
                    host.send(item)
        except CourtsideError as error:
            pipe.send(error)
        except (RuntimeError, MemoryError) as error:
            pipe.send(_told(error))


def _show(host: InlineHost, chunk: Chunk, complete: bool, pipe: Connection) -> None:
    if not complete:
        host.look(chunk)
        return
    for message in host.step(chunk):
        pipe.send(message)


@contextlib.contextmanager
def _told_in_words() -> Iterator[None]:
    """What fails inside is an EngineError."""
    try:
        yield
    except (RuntimeError, MemoryError) as error:
        raise _told(error) from error


def _told(error: RuntimeError | MemoryError) -> EngineError:
    """What torch or Python says, in words; torch has a type of its own for a GPU only."""
    said = str(error)
    if isinstance(error, MemoryError) or "out of memory" in said or "can't allocate memory" in said:
        remedy = "set a memory ceiling, choose smaller pictures or a shorter window, and start again"
        return EngineError("Out of memory", f"weights and cache do not fit; {remedy}")
    return EngineError("Engine failed", f"{type(error).__name__}: {said}")
