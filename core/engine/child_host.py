"""The engine in a child process, so that a fault or a slow import never reaches the window."""

from __future__ import annotations

import atexit
import contextlib
import logging
import multiprocessing
import os
import signal
import socket
import struct
import sys
import threading
import time
from collections.abc import Iterable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Literal

import numpy as np

from core.config import StreamConfig
from core.engine.crash_file import note_end
from core.engine.engine_process import PARENTS_SIGNALS, ChunkUpdate, Heartbeat, LogLine, RoundMemory, serve
from core.engine.host import ProgressCallback, ignore_progress
from core.engine.watchdog import LOADING, ROUND, SLICE_S, Watchdog
from core.errors import CourtsideError, EngineError, EngineGone
from core.messages import Command, Loading, Message, Piece, Ready, Stats, TextMemory
from core.parent_process import signals_blocked
from core.types import Chunk

log = logging.getLogger(__name__)
CLOSE_S = 1.5


class ChildHost:
    """The engine in a child process of its own, which ends when the thread that called `start` does.

    Every wait has a bound: an engine that hangs is killed, and raises EngineGone. What it logs is logged here.

    Attributes:
        memory: the words in the engine's context after its last round; None before the first.
    """

    def __init__(self, config: StreamConfig, crash_file: Path | None = None) -> None:
        """crash_file: where the reason is kept when the process dies, with its stacks; None: nowhere."""
        self._crash_file = crash_file
        context = multiprocessing.get_context("spawn")
        self.memory: TextMemory | None = None
        self._pipe, child = context.Pipe()
        self._process = context.Process(
            target=serve, args=(child, config, os.getpid(), crash_file), name="courtside-engine", daemon=True
        )
        self._child_end = child
        self._send_lock = threading.Lock()
        self._state_lock = threading.Lock()
        self._state: Literal["new", "loading", "ready", "over"] = "new"
        self._closed = False
        self._is_ending = False
        self._sent_frames: tuple[np.ndarray, ...] = ()  # of the present chunk
        self._phase = "before its start"  # in words, for the crash file

    @property
    def process_id(self) -> int | None:
        """Of the child; None before `start`."""
        return self._process.pid

    def start(self, on_progress: ProgressCallback = ignore_progress) -> Ready:
        """Start the process and load.

        Raises what loading raised, EngineGone when it died, EngineError when interrupted.
        """
        with self._state_lock:
            if self._state != "new":
                raise EngineError("Loading stopped", "it was interrupted")
            with signals_blocked(PARENTS_SIGNALS):
                self._process.start()
            self._child_end.close()
            _limit_waits(self._pipe.fileno())
            self._state = "loading"
            self._phase = "while it loaded"
        atexit.register(self.close)  # else Python's own exit would wait for a child that ignores SIGTERM
        watchdog = Watchdog(LOADING, self._process.pid)
        while isinstance(message := self._receive(watchdog), Loading):
            on_progress(message)
        if not isinstance(message, Ready):
            raise EngineError("Engine failed", f"it answered its start with {type(message).__name__}; this is a bug")
        with self._state_lock:
            if self._state == "loading":
                self._state = "ready"
        self._phase = "before its first round"
        log.info("the engine is ready after %.1f s: %s, %s", message.load_s, message.device, message.dtype)
        return message

    def interrupt(self) -> None:
        """End a start at once: a process that is still loading has no state to lose. A round goes on to its end, unless
        the engine hangs, which is told sooner from here on.
        """
        with self._state_lock:
            self._is_ending = True
            if self._state == "loading":
                self._process.kill()
            if self._state != "ready":
                self._state = "over"

    def prepare_shapes(self, frame: np.ndarray) -> None:
        """Wait until the child has reserved memory and compiled kernels for such frames."""
        self._phase = f"while it prepared for frames of {frame.shape[1]} x {frame.shape[0]}"
        self._send(frame)
        self._receive(Watchdog(LOADING, self._process.pid))
        self._phase = "before its first round"

    def prefill_ahead(self, partial: Chunk) -> Iterable[Message]:
        """Send the frames there are; does not wait."""
        self._send_chunk(partial, complete=False)
        return ()

    def step(self, chunk: Chunk) -> Iterator[Message]:
        """One round; its messages are yielded as they arrive."""
        self._send_chunk(chunk, complete=True)
        self._phase = f"in round {chunk.index}, before its first word"
        watchdog = Watchdog(ROUND, self._process.pid)
        while True:
            message = self._receive(watchdog)
            if isinstance(message, RoundMemory):
                self.memory = message.memory
                continue
            if isinstance(message, Piece):
                self._phase = f"in round {chunk.index}, while it spoke"
            elif isinstance(message, Stats):
                self._phase = f"between rounds, after round {chunk.index}"
            yield message
            if isinstance(message, Stats):
                return

    def send(self, command: Command) -> None:
        """Send a command; it takes effect with the next round. From any thread."""
        self._send(command)

    def close(self) -> None:
        """End the process: by closing its pipe, by a signal after 1.5 s; at once while it is still loading."""
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
        self._process.join(timeout=CLOSE_S)
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
        except BlockingIOError:
            raise self._hung() from None
        except OSError as error:
            raise self._died() from error

    def _receive(self, watchdog: Watchdog) -> Message | RoundMemory:
        """The next message. Raises what the child raised; EngineGone when it died or hangs."""
        try:
            while True:
                begun = time.monotonic()
                item = self._pipe.recv() if self._pipe.poll(SLICE_S) else None
                watchdog.pass_time(time.monotonic() - begun)
                if isinstance(item, Heartbeat):
                    watchdog.hear(item.engine_cpu_s)
                elif isinstance(item, LogLine):
                    logging.getLogger(item.name).log(item.level, "%s", item.text)
                elif isinstance(item, CourtsideError):
                    raise item
                elif item is not None:
                    watchdog.note_message()
                    return item
                if self._is_ending:
                    watchdog.hurry()
                if watchdog.hangs():
                    raise self._hung()
        except BlockingIOError:
            raise self._hung() from None
        except (EOFError, OSError) as error:
            raise self._died() from error

    def _hung(self) -> EngineError:
        """Kills the process."""
        if self._closed:
            return EngineError("Engine stopped", "it was closed")
        self._process.kill()
        return self._gone("it hung, and its process was ended")

    def _died(self) -> CourtsideError:
        with contextlib.suppress(EOFError, OSError):
            while self._pipe.poll():  # it may have sent its reason
                if isinstance(item := self._pipe.recv(), CourtsideError):
                    return item
        if self._closed:
            return EngineError("Engine stopped", "it was closed")
        self._process.join(timeout=1)
        if self._is_ending and self._process.exitcode == -signal.SIGKILL:  # by the program's own deadline
            return EngineGone("Engine stopped", "it was ended")
        return self._gone(f"its process {_how_it_ended(self._process.exitcode)}")

    def _gone(self, reason: str) -> EngineGone:
        log.info("the engine ended %s: %s", self._phase, reason)
        if self._crash_file is not None:
            note_end(self._crash_file, f"{reason}, {self._phase}")
        return EngineGone("Engine stopped", reason)


def _how_it_ended(status: int | None) -> str:
    """An exit status in words; negative: the signal that ended it."""
    if status is None:
        return "does not answer"
    if status >= 0:
        return f"ended with status {status}"
    name = signal.Signals(-status).name if -status in set(signal.Signals) else f"signal {-status}"
    if name == "SIGKILL":
        return "was killed (SIGKILL): by hand, or by the system for want of memory"
    return f"crashed ({name})"


def _limit_waits(pipe: int) -> None:
    """Let a write that a stopped child never reads fail, and a read of a message it never ends, instead of waiting."""
    if sys.platform == "win32":
        return
    with socket.socket(fileno=os.dup(pipe)) as both:
        for wait in (socket.SO_SNDTIMEO, socket.SO_RCVTIMEO):
            both.setsockopt(socket.SOL_SOCKET, wait, struct.pack("@ll", int(ROUND.silent_s), 0))
