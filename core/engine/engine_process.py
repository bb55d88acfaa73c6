"""The child process in which `ChildHost` runs an engine: its main function, and what goes through the pipe."""

from __future__ import annotations

import contextlib
import faulthandler
import logging
import os
import queue
import signal
import sys
import threading
import time
from dataclasses import dataclass, replace
from multiprocessing.connection import Connection
from pathlib import Path
from typing import Any

import numpy as np

from core.config import StreamConfig
from core.engine.crash_file import keep_stacks
from core.engine.host import InlineHost
from core.errors import CourtsideError
from core.messages import Message, Stats, TextMemory
from core.parent_process import end_with_parent
from core.types import Chunk

PARENTS_SIGNALS = (signal.SIGINT, signal.SIGTERM, *((signal.SIGHUP,) if sys.platform != "win32" else ()))
"""They go to a whole process group; the parent handles them, and the child ends when its pipe is closed."""
HEARTBEAT_S = 0.5
EXIT_GRACE_S = 0.5
"""How long the engine may go on with a round once the parent has closed the pipe or is gone."""


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


@dataclass(frozen=True, slots=True)
class Heartbeat:
    """The child is alive.

    Attributes:
        engine_cpu_s: CPU time of the thread that runs the engine: while a round is under way it grows, unless
            that thread hangs. On a system that cannot tell it, the time since the start.
    """

    engine_cpu_s: float


@dataclass(frozen=True, slots=True)
class RoundMemory:
    """The words in the context after a round: what a new engine goes on with, should this one end."""

    memory: TextMemory


@dataclass(frozen=True, slots=True)
class LogLine:
    """What was logged in the child, for the log of its parent.

    Attributes:
        name: of the logger. level: as `logging` counts.
    """

    name: str
    level: int
    text: str


class _ParentPipe:
    """The child's end of the pipe: a thread that reads it, so that the parent never waits for a busy engine, and one
    that sends heartbeats."""

    def __init__(self, pipe: Connection) -> None:
        self._pipe = pipe
        self._send_lock = threading.Lock()
        self._inbox: queue.SimpleQueue[Any] = queue.SimpleQueue()
        self._finished = threading.Event()
        engine_thread = threading.get_ident()
        threading.Thread(target=self._read, name="read", daemon=True).start()
        threading.Thread(target=self._beat, args=(engine_thread,), name="heartbeat", daemon=True).start()

    def send(self, item: Message | RoundMemory | Heartbeat | LogLine | CourtsideError) -> None:
        """From any thread. Raises OSError when the parent has closed the pipe."""
        with self._send_lock:
            self._pipe.send(item)

    def receive(self) -> Any:
        """The next item from the parent. Raises EOFError once it has closed the pipe."""
        item = self._inbox.get()
        if item is None:
            raise EOFError
        return item

    def finish(self) -> None:
        """The engine is done; the process may end by itself."""
        self._finished.set()

    def _read(self) -> None:
        with contextlib.suppress(EOFError, OSError):
            while True:
                self._inbox.put(self._pipe.recv())
        self._inbox.put(None)
        if not self._finished.wait(EXIT_GRACE_S):
            os._exit(0)  # nobody is there to hear the end of the round

    def _beat(self, engine_thread: int) -> None:
        with contextlib.suppress(OSError):
            while not self._finished.wait(HEARTBEAT_S):
                self.send(Heartbeat(_cpu_s(engine_thread)))


def serve(pipe: Connection, config: StreamConfig, parent: int, crash_file: Path | None = None) -> None:
    """The child's main function: load, then a round for every chunk until the pipe closes.

    parent: process id; when that process ends, by whatever, so does this one. crash_file: as of `ChildHost`.
    """
    stacks = None if crash_file is None else keep_stacks(crash_file)
    end_with_parent(parent)
    for number in PARENTS_SIGNALS:
        signal.signal(number, signal.SIG_IGN)
    to_parent = _ParentPipe(pipe)
    _log_to(to_parent)
    host = InlineHost(config)
    with contextlib.suppress(EOFError, OSError):
        try:
            to_parent.send(ready := host.start(to_parent.send))
            frames: tuple[np.ndarray, ...] = ()
            while True:
                item = to_parent.receive()
                if isinstance(item, ChunkUpdate):
                    frames = (*frames[: item.sent], *item.chunk.frames)
                    _run_chunk(host, replace(item.chunk, frames=frames), item.complete, to_parent)
                elif isinstance(item, np.ndarray):
                    host.prepare_shapes(item)
                    to_parent.send(ready)
                else:
                    host.send(item)
        except CourtsideError as error:
            to_parent.send(error)
    to_parent.finish()
    if stacks is not None:
        faulthandler.disable()
        stacks.close()


class _PipeLog(logging.Handler):
    """Sends what is logged to the parent, which has the files and the levels."""

    def __init__(self, pipe: _ParentPipe) -> None:
        super().__init__()
        self._to_parent = pipe

    def emit(self, record: logging.LogRecord) -> None:
        kind = "" if record.exc_info is None or record.exc_info[0] is None else f" ({record.exc_info[0].__name__})"
        with contextlib.suppress(OSError):
            self._to_parent.send(LogLine(record.name, record.levelno, record.getMessage() + kind))


def _log_to(pipe: _ParentPipe) -> None:
    logging.getLogger().addHandler(_PipeLog(pipe))
    logging.getLogger("core").setLevel(logging.INFO)


def _run_chunk(host: InlineHost, chunk: Chunk, complete: bool, to_parent: _ParentPipe) -> None:
    if not complete:
        host.prefill_ahead(chunk)
        return
    for message in host.step(chunk):
        if isinstance(message, Stats):  # the last one: the answer stands in the context by now
            to_parent.send(RoundMemory(host.text_memory(chunk.end)))
        to_parent.send(message)


def _cpu_s(thread: int) -> float:
    if not hasattr(time, "pthread_getcpuclockid"):  # Windows
        return time.monotonic()
    return time.clock_gettime(time.pthread_getcpuclockid(thread))
