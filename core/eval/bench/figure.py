"""One measured figure: its median and spread, what it is held against, and how it is shown."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any, Literal

Better = Literal["lower", "higher"]
COLUMNS = f"{'figure':44} {'median':>10} {'low .. high':>23} {'unit':6} {'goal':>10}"


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure as it stands in the table and in the last line of JSON.

    Attributes:
        low, high: 5th and 95th percentile of the samples, or the value itself where there is one sample.
        goal: the limit it is held against; None where there is none.
        note: what it was measured on, for people.
    """

    name: str
    value: float
    unit: str
    low: float
    high: float
    goal: float | None = None
    better: Better = "lower"
    note: str = ""

    def record(self) -> dict[str, Any]:
        """The fields of the JSON line."""
        names = ("value", "unit", "low", "high", "goal", "better")
        return {name: getattr(self, name) for name in names}

    def reached(self) -> bool:
        """Whether the goal is reached, if there is one."""
        if self.goal is None:
            return True
        return self.value <= self.goal if self.better == "lower" else self.value >= self.goal

    def row(self) -> str:
        """One line of the table; a goal that was missed is marked."""
        spread = "" if self.low == self.high else f"{_short(self.low)} .. {_short(self.high)}"
        goal = "" if self.goal is None else f"{'<' if self.better == 'lower' else '>'} {_short(self.goal)}"
        missed = "" if self.reached() else "  missed"
        line = f"{self.name:44} {_short(self.value):>10} {spread:>23} {self.unit:6} {goal:>10}{missed}"
        return f"{line}  ({self.note})" if self.note else line.rstrip()


def single(
    name: str, value: float, unit: str, goal: float | None = None, better: Better = "lower", note: str = ""
) -> Figure:
    """A figure without a spread: a count, a sum, a ratio of medians."""
    return Figure(name, value, unit, value, value, goal, better, note)


def spread(
    name: str,
    samples: Sequence[float],
    unit: str,
    goal: float | None = None,
    better: Better = "lower",
    note: str = "",
) -> Figure:
    """The median of samples, with the 5th and the 95th percentile."""
    low = percentile(samples, 5)
    high = percentile(samples, 95)
    return Figure(name, median(samples), unit, low, high, goal, better, note)


def percentile(samples: Sequence[float], percent: float) -> float:
    """The smallest sample that `percent` of all do not exceed (nearest rank)."""
    ordered = sorted(samples)
    rank = -(-len(ordered) * percent // 100)
    return ordered[max(0, int(rank) - 1)]


def _short(value: float) -> str:
    if value and abs(value) < 1e-3:
        return f"{value:.2e}"
    return f"{value:,.0f}" if abs(value) >= 1000 else f"{value:.4g}"
