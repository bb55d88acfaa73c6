"""Where the engine lives: in the caller's thread, or in a child process that a fault or a slow import cannot escape.

Both hosts behave alike: `start` loads, `step` yields a round's messages and ends with its Stats, `send` may come from
any thread between or during rounds, `close` is final. Importing this module loads no torch.
"""

from __future__ import annotations

import contextlib
import multiprocessing
import signal
import threading
import time
from collections import deque
from collections.abc import Iterator
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING, Protocol

from core.config import StreamConfig
from core.errors import CourtsideError, EngineError
from core.messages import Command, Message, Ready, Stats
from core.types import Chunk

if TYPE_CHECKING:
    from core.engine.engine import Engine


class Host(Protocol):
    """What the stream needs of a host."""

    def start(self) -> Ready: ...

    def step(self, chunk: Chunk) -> Iterator[Message]: ...

    def send(self, command: Command) -> None: ...

    def close(self) -> None: ...


class InlineHost:
    """The engine in the thread that calls `start` and `step`."""

    def __init__(self, config: StreamConfig) -> None:
        self.config = config
        self._commands: deque[Command] = deque()
        self._engine: Engine | None = None

    def start(self) -> Ready:
        """Load the checkpoint and warm up. Raises CheckpointError or UsageError."""
        begun = time.perf_counter()
        from core.engine.loading import load_engine  # loads torch

        self._engine = engine = load_engine(self.config)
        parameters = sum(p.numel() for p in engine.model.parameters())
        dtype = str(engine.dtype).removeprefix("torch.")
        return Ready(engine.checkpoint.name, str(engine.device), dtype, parameters, time.perf_counter() - begun)

    def step(self, chunk: Chunk) -> Iterator[Message]:
        """One round. Raises EngineError when the device runs out of memory or is lost."""
        if self._engine is None:
            raise EngineError("Engine not started", "call start() first")
        while self._commands:
            self._engine.obey(self._commands.popleft())
        yield from self._engine.step(chunk)

    def send(self, command: Command) -> None:
        """Hand over a command; it takes effect with the next round."""
        self._commands.append(command)

    def close(self) -> None:
        """Let the engine go."""
        self._engine = None


class ChildHost:
    """The engine in a child process of its own."""

    def __init__(self, config: StreamConfig) -> None:
        context = multiprocessing.get_context("spawn")
        self._pipe, child = context.Pipe()
        self._process = context.Process(target=_serve, args=(child, config), name="courtside-engine", daemon=True)
        self._child_end = child
        self._sending = threading.Lock()

    def start(self) -> Ready:
        """Start the process and load. Raises what loading raised, or EngineError when the process died."""
        self._process.start()
        self._child_end.close()
        ready = self._receive()
        if not isinstance(ready, Ready):
            raise EngineError("Engine confused", f"it answered {type(ready).__name__} to the start")
        return ready

    def step(self, chunk: Chunk) -> Iterator[Message]:
        """One round, forwarded as it happens."""
        self._post(chunk)
        while True:
            message = self._receive()
            yield message
            if isinstance(message, Stats):
                return

    def send(self, command: Command) -> None:
        """Hand over a command; it takes effect with the next round."""
        self._post(command)

    def close(self) -> None:
        """End the process: politely, then firmly."""
        with contextlib.suppress(OSError, EngineError):
            self._pipe.close()
        if self._process.pid is None:
            self._child_end.close()
            return
        self._process.join(timeout=3)
        if self._process.is_alive():
            self._process.kill()
            self._process.join()
        self._process.close()

    def _post(self, item: Chunk | Command) -> None:
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

    def _died(self) -> EngineError:
        self._process.join(timeout=1)
        return EngineError(
            "Engine stopped", f"its process ended with status {self._process.exitcode}; press Start again"
        )


def _serve(pipe: Connection, config: StreamConfig) -> None:
    """The child's life: load, then a round for every chunk until the pipe closes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is the parent's to handle
    host = InlineHost(config)
    with contextlib.suppress(EOFError, BrokenPipeError, ConnectionResetError):
        try:
            pipe.send(host.start())
            while True:
                item = pipe.recv()
                if isinstance(item, Chunk):
                    for message in host.step(item):
                        pipe.send(message)
                else:
                    host.send(item)
        except CourtsideError as error:
            pipe.send(error)
        except (RuntimeError, MemoryError) as error:
            pipe.send(EngineError("Engine failed", f"{type(error).__name__}: {error}"))
