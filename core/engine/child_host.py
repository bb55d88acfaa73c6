"""The engine in a child process, so that a fault or a slow import never reaches the window."""

from __future__ import annotations

import atexit
import contextlib
import multiprocessing
import signal
import threading
from collections.abc import Iterator
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from typing import Literal

import numpy as np

from core.config import StreamConfig
from core.engine.host import InlineHost, ProgressCallback, ignore_progress
from core.errors import CourtsideError, EngineError
from core.messages import Command, Loading, Message, Ready, Stats
from core.types import Chunk

PARENTS_SIGNALS = (signal.SIGINT, signal.SIGTERM)
"""They go to a whole process group; the parent handles them, and the child ends when its pipe is closed."""


@dataclass(frozen=True, slots=True)
class ChunkUpdate:
    """A chunk, or the part there is of it, sent to the child.

    Attributes:
        chunk: with only those frames that the child does not have. sent: how many of the same chunk it has.
        complete: it is the whole chunk of a round.
    """

    chunk: Chunk
    sent: int
    complete: bool


class ChildHost:
    """The engine in a child process of its own."""

    def __init__(self, config: StreamConfig) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, child = context.Pipe()
        self._process = context.Process(target=_serve, args=(child, config), name="courtside-engine", daemon=True)
        self._child_end = child
        self._send_lock = threading.Lock()
        self._state_lock = threading.Lock()
        self._state: Literal["new", "loading", "ready", "over"] = "new"
        self._closed = False
        self._sent_frames: tuple[np.ndarray, ...] = ()  # of the present chunk

    @property
    def process_id(self) -> int | None:
        """Of the child; None before `start`."""
        return self._process.pid

    def start(self, on_progress: ProgressCallback = ignore_progress) -> Ready:
        """Start the process and load. Raises what loading raised, or EngineError when it died or was interrupted."""
        with self._state_lock:
            if self._state != "new":
                raise EngineError("Loading stopped", "it was interrupted")
            with _signals_blocked():
                self._process.start()
            self._child_end.close()
            self._state = "loading"
        atexit.register(self.close)  # else Python's own exit would wait for a child that ignores SIGTERM
        while isinstance(message := self._receive(), Loading):
            on_progress(message)
        if not isinstance(message, Ready):
            raise EngineError("Engine confused", f"it answered {type(message).__name__} to the start")
        with self._state_lock:
            if self._state == "loading":
                self._state = "ready"
        return message

    def interrupt(self) -> None:
        """End a start at once: a process that is still loading has no state to lose."""
        with self._state_lock:
            if self._state == "loading":
                self._process.kill()
            if self._state != "ready":
                self._state = "over"

    def prepare_shapes(self, picture: np.ndarray) -> None:
        """Wait until the child has reserved memory and compiled kernels for such pictures."""
        self._send(picture)
        self._receive()

    def prefill_ahead(self, partial: Chunk) -> None:
        """Send the frames there are; does not wait."""
        self._send_chunk(partial, complete=False)

    def step(self, chunk: Chunk) -> Iterator[Message]:
        """One round; its messages are yielded as they arrive."""
        self._send_chunk(chunk, complete=True)
        while True:
            message = self._receive()
            yield message
            if isinstance(message, Stats):
                return

    def send(self, command: Command) -> None:
        """Send a command; it takes effect with the next round. From any thread."""
        self._send(command)

    def close(self) -> None:
        """End the process: by closing its pipe, by a signal after 3 s; at once while it is still loading."""
        self.interrupt()
        atexit.unregister(self.close)
        with contextlib.suppress(OSError, EngineError):
            self._pipe.close()
        with self._state_lock:
            self._state = "over"
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

    def _send_chunk(self, chunk: Chunk, complete: bool) -> None:
        """Send the frames of a chunk that the child does not have yet."""
        same = [a is b for a, b in zip(self._sent_frames, chunk.frames, strict=False)]
        sent = len(same) if all(same) and len(same) == len(self._sent_frames) else 0
        self._send(ChunkUpdate(replace(chunk, frames=chunk.frames[sent:]), sent, complete))
        self._sent_frames = () if complete else chunk.frames

    def _send(self, item: ChunkUpdate | Command | np.ndarray) -> None:
        try:
            with self._send_lock:
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
            while self._pipe.poll():  # it may have sent its reason
                if isinstance(item := self._pipe.recv(), CourtsideError):
                    return item
        if self._closed:
            return EngineError("Engine stopped", "it was closed")
        self._process.join(timeout=1)
        return EngineError(
            "Engine stopped", f"its process ended with status {self._process.exitcode}; press Start again"
        )


@contextlib.contextmanager
def _signals_blocked() -> Iterator[None]:
    """Block PARENTS_SIGNALS, so that a process started inside inherits that from its first instruction on."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, PARENTS_SIGNALS)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)


def _serve(pipe: Connection, config: StreamConfig) -> None:
    """The child's main function: load, then a round for every chunk until the pipe closes."""
    for number in PARENTS_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    host = InlineHost(config)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            pipe.send(ready := host.start(pipe.send))
            frames: tuple[np.ndarray, ...] = ()
            while True:
                item = pipe.recv()
                if isinstance(item, ChunkUpdate):
                    frames = (*frames[: item.sent], *item.chunk.frames)
                    _run_chunk(host, replace(item.chunk, frames=frames), item.complete, pipe)
                elif isinstance(item, np.ndarray):
                    host.prepare_shapes(item)
                    pipe.send(ready)
                else:
                    host.send(item)
        except CourtsideError as error:
            pipe.send(error)


def _run_chunk(host: InlineHost, chunk: Chunk, complete: bool, pipe: Connection) -> None:
    if not complete:
        host.prefill_ahead(chunk)
        return
    for message in host.step(chunk):
        pipe.send(message)
