"""Whether an engine that is waited for gets on, told by its progress and not by its being alive."""

from __future__ import annotations

import math
import os
import sys
from dataclasses import dataclass, replace
from pathlib import Path

from core.process_stat import STATE, SYSTEM_TICKS, USER_TICKS, stat_fields

SLICE_S = 0.5
"""How long one look at the pipe may take."""
HELD_UP_S = 1.0
"""A look that takes longer says that this process itself was stopped (Ctrl-Z, a debugger): it counts as so much."""
PROGRESS_S = 0.01
"""CPU time that counts as progress."""
STARVED_S = 60.0
"""How long a process that could run, but gets no processor, or waits for a disk, is given."""
GETS_ON = ("R", "D")
"""States of a thread in Linux: it runs or could run; it waits for a disk."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long what may last before it counts as hanging, in seconds.

    Attributes:
        silent_s: without a heartbeat, where no thread of the process could run: it is stopped, or all wait.
        busy_s: the same in CPU time of a process that runs, as in an import that lets no other thread run.
        stalled_s: with heartbeats, but without CPU time of the engine's thread, where none could run.
        total_s: all of it.
    """

    silent_s: float
    busy_s: float
    stalled_s: float = math.inf
    total_s: float = math.inf


LOADING = Patience(silent_s=3.5, busy_s=60.0)
"""An import or a large file may hold everything up, heartbeats too."""
ROUND = Patience(silent_s=2.0, busy_s=3.0, stalled_s=3.5, total_s=120.0)
"""Added to what is left of a chunk of one second when an engine stops, it is told within five."""
HURRIED_SILENT_S = 1.0
HURRIED_STALLED_S = 2.0
"""In a round that is only waited for so that all can end: heartbeats come twice a second."""


class Watchdog:
    """Of one start or one round of one process."""

    def __init__(self, patience: Patience, process_id: int | None) -> None:
        self._patience = patience
        self._process_id = process_id
        self._total_s = 0.0
        self._silent_s = 0.0
        self._stalled_s = 0.0
        self._engine_cpu_s = -math.inf
        self._cpu_before_s: float | None = None  # of the process, early in a silence

    def hurry(self) -> None:
        """From now on have less patience with what does not get on."""
        silent_s = min(self._patience.silent_s, HURRIED_SILENT_S)
        stalled_s = min(self._patience.stalled_s, HURRIED_STALLED_S)
        self._patience = replace(self._patience, silent_s=silent_s, stalled_s=stalled_s)

    def pass_time(self, seconds: float) -> None:
        """So long was waited since the last call."""
        counted = min(seconds, HELD_UP_S)
        self._total_s += counted
        self._silent_s += counted
        self._stalled_s += counted

    def note_message(self) -> None:
        """The engine has sent something: it gets on."""
        self._silent_s = 0.0
        self._stalled_s = 0.0
        self._cpu_before_s = None

    def hear(self, engine_cpu_s: float) -> None:
        """A heartbeat came, with the CPU time of the engine's thread."""
        self._silent_s = 0.0
        self._cpu_before_s = None
        if engine_cpu_s > self._engine_cpu_s + PROGRESS_S:
            self._engine_cpu_s = engine_cpu_s
            self._stalled_s = 0.0

    def hangs(self) -> bool:
        """Whether the process should be ended."""
        patience = self._patience
        if self._silent_s > SLICE_S and self._cpu_before_s is None:
            self._cpu_before_s = cpu_s(self._process_id)
        if self._total_s > patience.total_s or max(self._silent_s, self._stalled_s_counted()) > STARVED_S:
            return True
        if (
            self._silent_s >= patience.silent_s
            and cpu_s(self._process_id) - (self._cpu_before_s or 0.0) >= patience.busy_s
        ):
            return True
        late = self._silent_s >= patience.silent_s or self._stalled_s >= patience.stalled_s
        return late and not can_run(self._process_id)

    def _stalled_s_counted(self) -> float:
        return self._stalled_s if self._patience.stalled_s < math.inf else 0.0


def cpu_s(process_id: int | None) -> float:
    """CPU time of that process, in seconds; 0 once it has ended, which the pipe tells."""
    if sys.platform == "linux":
        fields = stat_fields(Path(f"/proc/{process_id}/stat"))
        return (int(fields[USER_TICKS]) + int(fields[SYSTEM_TICKS])) / os.sysconf("SC_CLK_TCK") if fields else 0.0
    import psutil  # not on every machine that has torch, and only needed off Linux

    try:
        times = psutil.Process(process_id).cpu_times()
    except psutil.Error:
        return 0.0
    return times.user + times.system


def can_run(process_id: int | None) -> bool:
    """Whether a thread of that process runs, waits for a processor, or for a disk.

    On Linux; elsewhere it is not told, and a process that is late counts as one that cannot.
    """
    if sys.platform != "linux":
        return False
    threads = (stat_fields(file) for file in Path(f"/proc/{process_id}/task").glob("*/stat"))
    return any(fields[STATE] in GETS_ON for fields in threads if fields)
