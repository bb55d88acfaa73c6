"""The parts that pictures of figures are made of: SVG that reads on a light page and on a dark one. No library."""

from __future__ import annotations

import math
from collections.abc import Iterable
from xml.sax.saxutils import escape

STYLE = """
text{font:12px system-ui,sans-serif;fill:#333}.title{font-weight:600}
.axis{stroke:#888;fill:none}.grid{stroke:#888;stroke-opacity:.25;fill:none}.limit{stroke:#888;stroke-dasharray:4 4}
.spread{stroke:#888;fill:none}
@media(prefers-color-scheme:dark){text{fill:#ddd}}
"""
PALETTE = ("#1a9850", "#d73027", "#4575b4", "#e08214", "#8073ac", "#35978f", "#bf812d", "#c51b7d")
"""Colours that stay apart for most people, on white and on black."""


def picture(width: float, height: float, parts: Iterable[str]) -> str:
    """A whole SVG of that many pixels."""
    opening = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" role="img">'
    return "\n".join([opening, f"<style>{STYLE}</style>", *parts, "</svg>", ""])


def moved(x: float, y: float, parts: Iterable[str]) -> str:
    """Parts drawn with their origin at (x, y)."""
    return "\n".join([f'<g transform="translate({x:g},{y:g})">', *parts, "</g>"])


def label(x: float, y: float, words: str, name: str = "", anchor: str = "start", colour: str = "") -> str:
    """Text at a place. name: its class. anchor: start, middle or end. colour: "" for that of the page."""
    style = f' style="fill:{colour}"' if colour else ""
    return f'<text class="{name}" x="{x:.1f}" y="{y:.1f}" text-anchor="{anchor}"{style}>{escape(words)}</text>'


def ticks(most: float) -> list[float]:
    """Round numbers from 0 to `most`, about five."""
    step = 10 ** math.floor(math.log10(most / 4)) if most > 0 else 1.0
    step = next(step * factor for factor in (1, 2, 5, 10) if most / (step * factor) <= 5)
    return [number * step for number in range(int(most / step) + 1)]
