"""Whether an engine that is waited for gets on, told by its progress and not by its being alive."""

from __future__ import annotations

import math
from dataclasses import dataclass

SLICE_S = 0.5
"""How long one look at the pipe may take."""
HELD_UP_S = 1.0
"""A look that takes longer says that this process itself was stopped (Ctrl-Z, a debugger): it counts as so much."""
PROGRESS_S = 0.01
"""CPU time that counts as progress."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How long what may last before it counts as hanging, in seconds.

    Attributes:
        silent_s: without a heartbeat. idle_s: without a heartbeat while the process uses no CPU time and waits for no
            disk. stalled_s: with heartbeats, but without CPU time of the engine's thread. total_s: all of it.
    """

    silent_s: float
    idle_s: float = math.inf
    stalled_s: float = math.inf
    total_s: float = math.inf


LOADING = Patience(silent_s=60.0, idle_s=3.5)
"""An import or a large file may hold everything up, heartbeats too."""
ROUND = Patience(silent_s=3.0, stalled_s=3.5, total_s=120.0)
"""Added to what is left of a chunk of one second when an engine stops, it is told within five."""


class Watchdog:
    """Of one start or one round of one process."""

    def __init__(self, patience: Patience, process_id: int | None) -> None:
        self._patience = patience
        self._process_id = process_id
        self._total_s = 0.0
        self._silent_s = 0.0
        self._idle_s = 0.0
        self._stalled_s = 0.0
        self._engine_cpu_s = -math.inf
        self._process_cpu_s = -math.inf

    def pass_time(self, seconds: float) -> None:
        """So long was waited since the last call."""
        counted = min(seconds, HELD_UP_S)
        self._total_s += counted
        self._silent_s += counted
        self._idle_s += counted
        self._stalled_s += counted

    def note_message(self) -> None:
        """The engine has sent something: it gets on."""
        self._silent_s = self._idle_s = self._stalled_s = 0.0

    def hear(self, engine_cpu_s: float) -> None:
        """A heartbeat came, with the CPU time of the engine's thread."""
        self._silent_s = self._idle_s = 0.0
        if engine_cpu_s > self._engine_cpu_s + PROGRESS_S:
            self._engine_cpu_s = engine_cpu_s
            self._stalled_s = 0.0

    def hangs(self) -> bool:
        """Whether the process should be ended."""
        patience = self._patience
        if self._silent_s > SLICE_S and patience.idle_s < math.inf and self._process_works():
            self._idle_s = 0.0
        return (
            self._total_s > patience.total_s
            or self._silent_s >= patience.silent_s
            or self._idle_s >= patience.idle_s
            or self._stalled_s >= patience.stalled_s
        )

    def _process_works(self) -> bool:
        """Whether it used CPU time since the last call, or waits for a disk."""
        import psutil  # not on every machine that has torch, and needed in trouble only

        try:
            process = psutil.Process(self._process_id)
            times = process.cpu_times()
            cpu_s = times.user + times.system
            works = cpu_s > self._process_cpu_s + PROGRESS_S or process.status() == psutil.STATUS_DISK_SLEEP
        except psutil.Error:
            return True  # the pipe tells of its end
        self._process_cpu_s = cpu_s
        return works
