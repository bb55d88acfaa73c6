"""Figures of the published benchmarks in the form that all commands share."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Literal

import numpy as np

DRAWS = 2000
Record = dict[str, Any]


def figure(
    value: float, unit: str, better: Literal["lower", "higher"], low: float | None = None, high: float | None = None
) -> Record:
    """One figure; without a spread its ends are the value itself."""
    ends = {"low": value if low is None else low, "high": value if high is None else high}
    return {"value": value, "unit": unit, **ends, "goal": None, "better": better}


def share(right: Sequence[bool]) -> Record:
    """The share of what is right, with its 95 % bootstrap interval; nothing counts as 0."""
    if not right:
        return figure(0.0, "share", "higher")
    values = np.asarray(right, float)
    drawn = np.random.default_rng(0).integers(0, len(values), (DRAWS, len(values)))
    low, high = np.percentile(values[drawn].mean(1), [2.5, 97.5])
    return figure(float(values.mean()), "share", "higher", float(low), float(high))
