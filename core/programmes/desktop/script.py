"""The script of a session, from its seed: who opens what, which build fails, when the curve crosses its limit."""

from __future__ import annotations

import heapq
from collections import deque
from collections.abc import Iterator
from itertools import count
from random import Random

from core.programmes.desktop.act import COPIES, JOBS, PROGRAMS, Act

PAUSE_S = (6.0, 27.0)  # between two acts
IDLE_S = (20.0, 50.0)
IDLE_SHARE = 0.12
APART_S = 1.6  # two told acts lie at least this far apart
MAX_WINDOWS = 4
JOB_S = (5.0, 22.0)
COPY_S = (5.0, 16.0)
DIALOG_S = (3.0, 8.0)
FAIL_SHARE = 0.5


class Script:
    """Endless acts in order of time. One user.

    Attributes:
        begins: the side of its limit on which the plot's curve is at first.
    """

    def __init__(self, seed: int) -> None:
        self._rng = Random(f"desktop {seed}")
        self._windows: list[str] = []
        self._busy: dict[str, float] = {}  # programs that cannot be closed before a time
        self._side = self._rng.choice(("above", "below"))  # to which the curve goes next
        self.begins = "below" if self._side == "above" else "above"
        self._due: list[tuple[float, int, Act]] = []
        self._numbers = count()
        self._taken: deque[float] = deque(maxlen=64)  # times of acts that are told

    def acts(self) -> Iterator[Act]:
        """The acts, without end. May be asked for once."""
        for program in self._rng.sample(PROGRAMS, self._rng.choice((1, 2, 2, 3))):
            self._windows.append(program)
            yield Act(0.0, "open", program, initial=True)
        now = self._rng.uniform(2.0, 6.0)
        while True:
            self._plan(now)
            now += self._rng.uniform(*(IDLE_S if self._rng.random() < IDLE_SHARE else PAUSE_S))
            while self._due and self._due[0][0] <= now:
                act = heapq.heappop(self._due)[2]
                yield act

    def _plan(self, now: float) -> None:
        """Put one more thing to be done, and its end, among what is due."""
        doing = {
            "open": self._open,
            "close": self._close,
            "job": self._job,
            "crossing": self._crossing,
            "error": self._error,
            "copy": self._copy,
        }
        doing[self._rng.choice(self._possible(now))](now)

    def _possible(self, now: float) -> list[str]:
        free = [program for program in self._windows if self._busy.get(program, 0.0) <= now]
        possible = ["open"] * (2 if len(self._windows) < MAX_WINDOWS else 0)
        possible += ["close"] * (1 if len(free) > 1 else 0)
        possible += ["job"] * (3 if "terminal" in free else 0)
        possible += ["crossing"] * (2 if "plot" in free else 0)
        possible += ["error", "copy"] if self._busy.get("dialog", 0.0) <= now and free else []
        return possible or ["open"]

    def _put(self, act: Act, told: bool = True) -> None:
        if told:
            self._taken.append(act.time)
        heapq.heappush(self._due, (act.time, next(self._numbers), act))

    def _free_from(self, time_s: float) -> float:
        """The first time from then on that is APART_S away from all that is told."""
        while any(abs(time_s - taken) < APART_S for taken in self._taken):
            time_s += APART_S / 2
        return time_s

    def _open(self, now: float) -> None:
        program = self._rng.choice([name for name in PROGRAMS if name not in self._windows])
        self._windows.append(program)
        at = self._free_from(now)
        self._busy[program] = at + 3.0
        self._put(Act(at, "open", program))

    def _close(self, now: float) -> None:
        program = self._rng.choice([name for name in self._windows if self._busy.get(name, 0.0) <= now])
        self._windows.remove(program)
        self._put(Act(self._free_from(now), "close", program))

    def _job(self, now: float) -> None:
        job = self._rng.choice(JOBS)
        at = self._free_from(now)
        self._taken.append(at)
        ends = self._free_from(at + self._rng.uniform(*JOB_S))
        self._busy["terminal"] = ends + 1.0
        self._put(Act(at, "start", job, until=ends), told=False)
        self._put(Act(ends, "failed" if self._rng.random() < FAIL_SHARE else "passed", job))

    def _crossing(self, now: float) -> None:
        at = self._free_from(now + 1.0)
        self._busy["plot"] = at + 3.0
        self._put(Act(at, "crossing", self._side))
        self._side = "below" if self._side == "above" else "above"

    def _error(self, now: float) -> None:
        program = self._rng.choice([name for name in self._windows if self._busy.get(name, 0.0) <= now])
        at = self._free_from(now)
        ends = at + self._rng.uniform(*DIALOG_S)
        self._busy[program] = ends + 0.5
        self._busy["dialog"] = ends + 0.5
        self._put(Act(at, "error", program, until=ends))
        self._put(Act(ends, "dismiss", program), told=False)

    def _copy(self, now: float) -> None:
        what = self._rng.choice(COPIES)
        ends = self._free_from(now + self._rng.uniform(*COPY_S))
        self._busy["dialog"] = ends + 0.5
        self._put(Act(now, "copy", what, until=ends), told=False)
        self._put(Act(ends, "copied", what))
