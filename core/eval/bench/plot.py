"""Curves of the bench, panel beside panel, as an SVG."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from core.eval.svg import label, moved, picture, ticks

PANEL = (420, 260)
MARGIN = (58, 34, 12, 46)  # left, top, right, bottom
COLOURS = {"streaming": "#1a9850", "full": "#d73027", "recompute": "#4575b4"}


@dataclass(frozen=True, slots=True)
class Curve:
    """One line of a panel; curves of one `panel` share its axes.

    Attributes:
        panel: "title | name of the horizontal axis". mode: which names the colour. points: (x, seconds), by x.
    """

    panel: str
    mode: str
    points: tuple[tuple[float, float], ...]


def write(path: Path, curves: Sequence[Curve], limit_s: float = 1.0) -> None:
    """One panel beside the other; `limit_s` is drawn as the line that live streams stay under."""
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text(svg(curves, limit_s), "utf-8")


def svg(curves: Sequence[Curve], limit_s: float) -> str:
    """The picture as text."""
    panels = list(dict.fromkeys(curve.panel for curve in curves))
    width, height = PANEL
    parts = []
    for number, panel in enumerate(panels):
        mine = [curve for curve in curves if curve.panel == panel and curve.points]
        parts.append(moved(number * width, 0, _panel(panel, mine, limit_s)))
    return picture(width * len(panels), height, parts)


def _panel(name: str, curves: list[Curve], limit_s: float) -> list[str]:
    title, _, x_name = name.partition(" | ")
    left, top, right, bottom = MARGIN
    inner_width = PANEL[0] - left - right
    inner_height = PANEL[1] - top - bottom
    most_x = max((x for curve in curves for x, _ in curve.points), default=1.0)
    longest = max((y for curve in curves for _, y in curve.points), default=limit_s)
    most_y = min(longest * 1.05, 4 * limit_s) if longest > limit_s / 4 else longest * 1.2

    def place(x: float, y: float) -> tuple[float, float]:
        return left + x / most_x * inner_width, top + (1 - min(y, most_y) / most_y) * inner_height

    parts = [label(left, top - 14, title, "title"), label(left + inner_width, PANEL[1] - 10, x_name, anchor="end")]
    for y in ticks(most_y):
        at = place(0, y)[1]
        parts.append(f'<path class="grid" d="M{left},{at:.1f}h{inner_width}"/>')
        parts.append(label(left - 6, at + 4, f"{y:g} s", anchor="end"))
    for x in ticks(most_x):
        parts.append(label(place(x, 0)[0], PANEL[1] - bottom + 16, f"{x:,.0f}", anchor="middle"))
    parts.append(f'<path class="axis" d="M{left},{top}v{inner_height}h{inner_width}"/>')
    if limit_s < most_y:
        parts.append(f'<path class="limit" d="M{left},{place(0, limit_s)[1]:.1f}h{inner_width}"/>')
    for number, curve in enumerate(curves):
        parts += _line(curve, [place(x, y) for x, y in curve.points], number)
    return parts


def _line(curve: Curve, places: list[tuple[float, float]], number: int) -> list[str]:
    colour = COLOURS.get(curve.mode, "#888")
    points = " ".join(f"{x:.1f},{y:.1f}" for x, y in places)
    dots = [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2.5" fill="{colour}"/>' for x, y in places]
    name = label(MARGIN[0] + 10, MARGIN[1] + 12 + 15 * number, curve.mode, colour=colour)
    return [f'<polyline points="{points}" fill="none" stroke="{colour}" stroke-width="2"/>', *dots, name]
