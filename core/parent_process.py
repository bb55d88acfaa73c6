"""How a child process is bound to its parent: it never outlives it, and its parent's signals are none of its own."""

from __future__ import annotations

import ctypes
import os
import signal
import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager, suppress

PR_SET_PDEATHSIG = 1  # linux/prctl.h


def end_with_parent(parent: int) -> None:
    """Have the kernel kill this process when the thread that started it ends, even while this one is stopped.

    Where there is no such call, the closed pipe ends it, unless it is stopped.
    """
    if sys.platform != "linux":
        return
    ctypes.CDLL(None, use_errno=True).prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
    if os.getppid() != parent:  # it ended before the call
        os._exit(0)


def ending_signals() -> tuple[signal.Signals, ...]:
    """What ends a program in order: Ctrl-C, SIGTERM, a terminal that closes unless that is to be survived (nohup)."""
    closed = () if sys.platform == "win32" or signal.getsignal(signal.SIGHUP) == signal.SIG_IGN else (signal.SIGHUP,)
    return (signal.SIGINT, signal.SIGTERM, *closed)


def end_resource_tracker() -> None:
    """At the very end: kill multiprocessing's own helper, which ends with the pipe to it, but not while it is stopped.

    What inherited our stderr would hold up whoever reads that.
    """
    loaded = sys.modules.get("multiprocessing.resource_tracker")
    process_id = getattr(getattr(loaded, "_resource_tracker", None), "_pid", None)
    if process_id is not None and sys.platform != "win32":
        with suppress(ProcessLookupError):
            os.kill(process_id, signal.SIGKILL)


@contextmanager
def signals_blocked(signals: Iterable[signal.Signals]) -> Iterator[None]:
    """A process started inside has them blocked from its first instruction on, until it can ignore them."""
    if not hasattr(signal, "pthread_sigmask"):  # Windows
        yield
        return
    before = signal.pthread_sigmask(signal.SIG_BLOCK, signals)
    try:
        yield
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, before)
