"""What is on the screen at a time: the acts so far, carried out."""

from __future__ import annotations

from dataclasses import dataclass, field
from random import Random

from core.programmes.desktop.act import Act
from core.programmes.desktop.theme import SIZE

PANEL = 24  # pixels kept free at every edge that may hold the panel
JOBS_KEPT = 4
QUARTERS = ((0, 0), (1, 0), (0, 1), (1, 1))
HALF = ((SIZE[0] - 2 * PANEL) // 2, (SIZE[1] - 2 * PANEL) // 2)


@dataclass(slots=True)
class Job:
    """A job of the terminal. outcome: "" as long as it runs."""

    name: str
    started: float
    until: float
    outcome: str = ""


@dataclass(slots=True)
class Window:
    """A program's window.

    Attributes:
        box: left, top, width and height in pixels of the theme's SIZE.
        opened: seconds. seed: of what stands in it. jobs: of a terminal, the last ones.
    """

    program: str
    box: tuple[int, int, int, int]
    opened: float
    seed: int
    jobs: list[Job] = field(default_factory=list)


@dataclass(slots=True)
class Dialog:
    """A dialog over everything else: an error of a program, or a copy on its way."""

    kind: str
    who: str
    opened: float
    until: float


@dataclass(slots=True)
class Screen:
    """Windows from the back to the front, and dialogs over them.

    Attributes:
        crossings: times at which the plot's curve crossed its limit, the last ones, and the side it went to.
        side: where the curve is now.
    """

    rng: Random
    side: str
    windows: list[Window] = field(default_factory=list)
    dialogs: list[Dialog] = field(default_factory=list)
    crossings: list[tuple[float, str]] = field(default_factory=list)

    def window(self, program: str) -> Window | None:
        """The window of a program, None when there is none."""
        return next((window for window in self.windows if window.program == program), None)

    def expect(self, act: Act) -> None:
        """A crossing that will come: the curve bends towards it beforehand."""
        self.crossings = [*self.crossings[-8:], (act.time, act.who)]

    def apply(self, act: Act) -> None:
        """Carry out an act."""
        if act.verb == "open":
            self.windows.append(Window(act.who, self._place(), act.time, self.rng.randrange(1 << 30)))
        elif act.verb == "close":
            self.windows = [window for window in self.windows if window.program != act.who]
        elif act.verb in ("start", "passed", "failed"):
            self._job(act)
        elif act.verb == "crossing":
            self.side = act.who
        elif act.verb in ("error", "copy"):
            self.dialogs.append(Dialog(act.verb, act.who, act.time, act.until))
            self._raise(act.who)
        elif act.verb in ("dismiss", "copied"):
            kind = "error" if act.verb == "dismiss" else "copy"
            self.dialogs = [one for one in self.dialogs if (one.kind, one.who) != (kind, act.who)]

    def _job(self, act: Act) -> None:
        terminal = self.window("terminal")
        if terminal is None:
            raise ValueError(f"a job without a terminal at {act.time:.1f} s")
        self._raise("terminal")
        if act.verb == "start":
            terminal.jobs = [*terminal.jobs[-JOBS_KEPT + 1 :], Job(act.who, act.time, act.until)]
        else:
            terminal.jobs[-1].outcome = act.verb

    def _raise(self, program: str) -> None:
        self.windows.sort(key=lambda window: window.program == program)

    def _place(self) -> tuple[int, int, int, int]:
        """A box in a free quarter of the screen, so that what happens in a window is seen."""
        taken = [_quarter(window.box) for window in self.windows]
        column, row = self.rng.choice([quarter for quarter in QUARTERS if quarter not in taken])
        width = self.rng.randint(220, 285)
        height = self.rng.randint(120, 150)
        left = PANEL + column * HALF[0] + self.rng.randint(0, HALF[0] - width)
        top = PANEL + row * HALF[1] + self.rng.randint(0, HALF[1] - height)
        return left, top, width, height


def _quarter(box: tuple[int, int, int, int]) -> tuple[int, int]:
    return int(box[0] + box[2] / 2 > SIZE[0] / 2), int(box[1] + box[3] / 2 > SIZE[1] / 2)
