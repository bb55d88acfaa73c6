"""A spoken question, from a held button to its words; who holds it never waits."""

from __future__ import annotations

import multiprocessing
import os
import queue
import threading
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from app.listening.listener_process import END, LONGEST_S, OPEN, READY, Begin, Heard, Trouble, serve

if TYPE_CHECKING:
    from multiprocessing.connection import Connection
    from multiprocessing.context import SpawnProcess

READY_S = 30.0
"""For a process to start on a busy machine, and 35 MB of model to be read."""
OPEN_S = 10.0
UNDERSTOOD_S = LONGEST_S + 10.0
FIX = 'pip install "courtside[questions]"'
CRASHED = "what listens has ended; hold again to start it anew"

Told = str | Heard | Trouble
"""OPEN when the microphone is open; then what was heard, or why nothing was."""


def is_installed() -> bool:
    """Whether there is a recogniser."""
    return find_spec("pocketsphinx") is not None


class Listener:
    """A thread with a process, both started by the first `begin`. `begin` and `end` return at once."""

    def __init__(self, tell: Callable[[Told], None]) -> None:
        """`tell` is called in the thread."""
        self._tell = tell
        self._commands: queue.SimpleQueue[Begin | str | None] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="listener", daemon=True)
        self._process: SpawnProcess | None = None
        self._connection: Connection | None = None

    def begin(self, device: str = "", after_s: float = 0.0) -> None:
        """Open the microphone, `after_s` seconds from now: what speaks has fallen silent then."""
        if self._thread.ident is None:
            self._thread.start()
        self._commands.put(Begin(device, after_s))

    def end(self) -> None:
        """Close it; what was heard is told soon."""
        if self._thread.ident is not None:
            self._commands.put(END)

    def close(self) -> None:
        """Whatever is under way."""
        if (process := self._process) is not None:
            process.kill()
        if self._thread.ident is not None:
            self._commands.put(None)
            self._thread.join()

    # The thread

    def _run(self) -> None:
        open_ = False
        while (command := self._commands.get()) is not None:
            if isinstance(command, Begin) != open_:
                open_ = self._do(command)
        self._stop()

    def _do(self, command: Begin | str) -> bool:
        """Whether the microphone is open after that."""
        try:
            connection = self._connected()
            connection.send(command)
            told = self._answer(OPEN_S + command.after_s if isinstance(command, Begin) else UNDERSTOOD_S)
        except _Lost as lost:
            told = Trouble(str(lost))
        except (EOFError, OSError):
            told = Trouble(CRASHED)
        if isinstance(told, Trouble):
            self._stop()
        self._tell(told)
        return told == OPEN

    def _connected(self) -> Connection:
        """To the process, which is started where there is none. Raises _Lost."""
        if self._connection is None:
            context = multiprocessing.get_context("spawn")
            self._connection, child_end = context.Pipe()
            self._process = context.Process(
                target=serve, args=(child_end, os.getpid()), name="courtside-listener", daemon=True
            )
            self._process.start()
            child_end.close()
            if (told := self._answer(READY_S)) != READY:
                raise _Lost(told.why)
        return self._connection

    def _answer(self, patience_s: float) -> Any:
        assert self._connection is not None
        if not self._connection.poll(patience_s):
            raise _Lost(f"nothing came within {patience_s:.0f} s")
        return self._connection.recv()

    def _stop(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.join()
            self._process = None
        if self._connection is not None:
            self._connection.close()
            self._connection = None


class _Lost(Exception):
    """The process cannot listen."""
