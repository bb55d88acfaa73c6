"""Whether a decoder's process that was asked for something hangs: told by what it does, not by its being alive."""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from multiprocessing.connection import wait
from typing import TYPE_CHECKING, Any

from core.engine.watchdog import HELD_UP_S, SLICE_S, Patience, Watchdog
from core.process_stat import process_state

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

SLOW_S = 30.0
"""The most that anything may take: the network or the disk may be slow."""
SILENT_S = 3.0 if sys.platform == "linux" else SLOW_S
"""Without an answer while no thread of it could run; where that is not told, it may be at work."""
BUSY_S = 3.0
"""CPU time without an answer: a picture takes tenths."""
STOPPED = ("T", "t")
"""States of a process in Linux that a signal or a debugger stopped."""

OPENS_A_FILE = Patience(silent_s=SILENT_S, busy_s=SLOW_S, total_s=SLOW_S)
"""To the first answer, too: a single picture may be large."""
READS_A_FILE = Patience(silent_s=SILENT_S, busy_s=BUSY_S, total_s=SLOW_S)
OPENS_AN_ADDRESS = Patience(silent_s=SLOW_S, busy_s=SLOW_S, total_s=SLOW_S)
READS_AN_ADDRESS = Patience(silent_s=4.0, busy_s=BUSY_S, total_s=SLOW_S)
"""Which may wait for its server, at first for long."""


class HangWatch:
    """Of one question to one process."""

    def __init__(self, patience: Patience, process_id: int | None) -> None:
        """From now on."""
        self._watchdog = Watchdog(patience, process_id)
        self._process_id = process_id
        self._looked_at = time.monotonic()
        self._silent_s = 0.0

    def hangs(self) -> bool:
        """Whether it should be ended, as of now. Time in which nobody looked counts little."""
        now = time.monotonic()
        passed = min(now - self._looked_at, HELD_UP_S)
        self._looked_at = now
        self._silent_s += passed
        self._watchdog.pass_time(passed)
        return self._watchdog.hangs() or (self._silent_s >= SILENT_S and is_stopped(self._process_id))

    def wait(self, connections: Sequence[Connection]) -> list[Any]:
        """Those of the connections that have something, once one has; [] where the process hangs."""
        while not (ready := wait(connections, SLICE_S)):
            if self.hangs():
                return []
        return ready


def is_stopped(process_id: int | None) -> bool:
    """On Linux; elsewhere it is not told."""
    return process_state(process_id) in STOPPED
