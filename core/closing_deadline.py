"""The one deadline for all child processes when a program ends: what is left of them then is killed together."""

from __future__ import annotations

import multiprocessing
import threading
import time
from types import TracebackType

from core.process_stat import process_state

ENDING_S = 2.0
"""For a round in progress, and all that children do in order; the program's own end comes on top."""
LOOK_S = 0.25


class ClosingDeadline:
    """While it is entered, nothing that waits for a child process of `multiprocessing` waits past ENDING_S.

    A child that is stopped (SIGSTOP) in two looks in a row ends nothing in order, and is killed at once. Whoever waits
    for a killed child goes on, since its pipe is closed then. May be entered once; the other thread ends with it.
    """

    def __init__(self, ending_s: float = ENDING_S) -> None:
        self._ending_s = ending_s
        self._closed = threading.Event()
        self._thread = threading.Thread(target=self._run, name="closing deadline", daemon=True)

    def __enter__(self) -> ClosingDeadline:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._closed.set()
        self._thread.join()

    def _run(self) -> None:
        end = time.monotonic() + self._ending_s
        stopped: set[int | None] = set()
        while (left_s := end - time.monotonic()) > 0:
            children = multiprocessing.active_children()
            now_stopped = {child.pid for child in children if is_stopped(child.pid)}
            for child in children:
                if child.pid in stopped & now_stopped:
                    child.kill()
            stopped = now_stopped
            if self._closed.wait(min(LOOK_S, left_s)):
                return
        while not self._closed.is_set():  # also what is started while all ends
            for child in multiprocessing.active_children():
                child.kill()
            self._closed.wait(LOOK_S)


def is_stopped(process_id: int | None) -> bool:
    """Whether a signal (SIGSTOP, Ctrl-Z) holds that process. Told on Linux alone."""
    return process_state(process_id) == "T"
