"""Charts of a report: bars with their intervals, curves, and points in a plane, each an SVG of its own."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.eval.svg import PALETTE, label, picture, ticks

WIDTH = 640
NAMES = 190  # pixels for the names of bars
BAR = 18
GAP = 7
TOP = 40
PLOT = (56, TOP, 150, 46)  # margins: left, top, right, bottom
HEIGHT = 280


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar. Attributes: low, high: its 95 % interval; equal where there is none. group: which names its colour."""

    name: str
    value: float
    low: float
    high: float
    group: str = ""


@dataclass(frozen=True, slots=True)
class Series:
    """One curve, or one point of a plane. Attributes: points: (x, y) each, by x."""

    name: str
    points: tuple[tuple[float, float], ...]


def bars(title: str, rows: Sequence[Bar], unit: str = "", goal: float | None = None) -> str:
    """Bars from 0 to the right, one below the other; `goal` is drawn as a line."""
    most = max([bar.high for bar in rows] + [bar.value for bar in rows] + [goal or 0.0]) or 1.0
    inner = WIDTH - NAMES - 80
    groups = list(dict.fromkeys(bar.group for bar in rows))
    height = TOP + len(rows) * (BAR + GAP) + 10
    parts = [label(8, 20, f"{title} ({unit})" if unit else title, "title")]
    for number, bar in enumerate(rows):
        top = TOP + number * (BAR + GAP)
        colour = PALETTE[groups.index(bar.group) % len(PALETTE)]
        length = max(0.0, bar.value / most * inner)
        parts.append(label(NAMES - 8, top + 13, bar.name, anchor="end"))
        parts.append(f'<rect x="{NAMES}" y="{top}" width="{length:.1f}" height="{BAR}" fill="{colour}"/>')
        if bar.low < bar.high:
            left, right = (NAMES + side / most * inner for side in (bar.low, bar.high))
            parts.append(
                f'<path class="spread" d="M{left:.1f},{top + BAR / 2}H{right:.1f}m0,-4v8M{left:.1f},{top + 5}v8"/>'
            )
        end = NAMES + max(bar.value, bar.high) / most * inner
        parts.append(label(end + 6, top + 13, short(bar.value)))
    if goal is not None:
        parts.append(f'<path class="limit" d="M{NAMES + goal / most * inner:.1f},{TOP - 6}V{height - 6}"/>')
    return picture(WIDTH, height, parts)


def curves(title: str, x_name: str, series: Sequence[Series], most_y: float | None = None) -> str:
    """Curves over one pair of axes that begin at 0. most_y: the end of the vertical one; None: what is needed."""
    return _plot(title, x_name, series, most_y, joined=True)


def plane(title: str, x_name: str, series: Sequence[Series], most_y: float | None = None) -> str:
    """Points with their names beside them."""
    return _plot(title, x_name, series, most_y, joined=False)


def _plot(title: str, x_name: str, series: Sequence[Series], most_y: float | None, joined: bool) -> str:
    left, top, right, bottom = PLOT
    width = WIDTH - left - right
    height = HEIGHT - top - bottom
    x_most = max((x for one in series for x, _ in one.points), default=0.0) or 1.0
    y_most = most_y or 1.05 * max((y for one in series for _, y in one.points), default=0.0) or 1.0
    parts = [label(8, 20, title, "title"), label(left + width, HEIGHT - 8, x_name, anchor="end")]
    for y in ticks(y_most):
        at = top + (1 - y / y_most) * height
        parts.append(f'<path class="grid" d="M{left},{at:.1f}h{width}"/>')
        parts.append(label(left - 6, at + 4, f"{y:,g}", anchor="end"))
    for x in ticks(x_most):
        parts.append(label(left + x / x_most * width, HEIGHT - bottom + 16, f"{x:,g}", anchor="middle"))
    parts.append(f'<path class="axis" d="M{left},{top}v{height}h{width}"/>')
    heights: list[float] = []  # of the names
    for number, one in enumerate(series):
        colour = PALETTE[number % len(PALETTE)]
        places = [(left + x / x_most * width, top + (1 - min(y, y_most) / y_most) * height) for x, y in one.points]
        if joined and len(places) > 1:
            points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
            parts.append(f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>')
        parts += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="3" fill="{colour}"/>' for x, y in places]
        if places:
            parts.append(label(places[-1][0] + 8, _free(heights, places[-1][1] + 4), one.name, colour=colour))
    return picture(WIDTH, HEIGHT, parts)


def _free(taken: list[float], wanted: float) -> float:
    """The height nearest to the one wanted at which no other name stands; it is taken then."""
    for step in range(200):
        for at in (wanted + step, wanted - step):
            if all(abs(at - other) >= 13 for other in taken):
                taken.append(at)
                return at
    return wanted


def short(value: float) -> str:
    """Three or four digits that count."""
    if value == int(value) or abs(value) >= 1000:
        return f"{value:,.0f}"
    if abs(value) >= 10:
        return f"{value:.1f}"
    return f"{value:.3f}" if abs(value) >= 0.1 else f"{value:.3g}"
