"""The engine in a child process, which a fault or a slow import cannot leave."""

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
"""Sent to a whole process group, they are the parent's to handle; the child ends when its pipe does."""


@dataclass(frozen=True, slots=True)
class ChunkUpdate:
    """A chunk on its way to the child.

    Attributes:
        chunk: with those frames only that the child does not have. there: how many it has, of the same chunk.
        complete: it is a round's whole chunk, not what there is of one.
    """

    chunk: Chunk
    there: int
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
        self._sent_frames: tuple[np.ndarray, ...] = ()  # frames of the present chunk that the child has

    def start(self, on_progress: ProgressCallback = ignore_progress) -> Ready:
        """Start the process and load. Raises what loading raised, or EngineError when it died or was interrupted."""
        with self._state_lock:
            if self._state != "new":
                raise EngineError("Loading stopped", "it was not wanted any more")
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
        """Give a start up at once: a process that is still loading has nothing to lose."""
        with self._state_lock:
            if self._state == "loading":
                self._process.kill()
            if self._state != "ready":
                self._state = "over"

    def prepare_shapes(self, picture: np.ndarray) -> None:
        """Wait until the child has taken memory and met shapes, and is ready again."""
        self._send(picture)
        self._receive()

    def prefill_ahead(self, partial: Chunk) -> None:
        """Send the frames that have come, and do not wait for what the child does with them."""
        self._send_chunk(partial, complete=False)

    def step(self, chunk: Chunk) -> Iterator[Message]:
        """One round, forwarded as it happens."""
        self._send_chunk(chunk, complete=True)
        while True:
            message = self._receive()
            yield message
            if isinstance(message, Stats):
                return

    def send(self, command: Command) -> None:
        """Hand over a command; it takes effect with the next round."""
        self._send(command)

    def close(self) -> None:
        """End the process: politely, then firmly; at once while it is still loading."""
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
        there = len(same) if all(same) and len(same) == len(self._sent_frames) else 0
        self._send(ChunkUpdate(replace(chunk, frames=chunk.frames[there:]), there, complete))
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
def _signals_blocked() -> Iterator[None]:
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
                if isinstance(item, ChunkUpdate):
                    frames = (*frames[: item.there], *item.chunk.frames)
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
