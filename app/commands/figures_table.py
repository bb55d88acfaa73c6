"""The figures of `bench`, `eval` and `train` for a person at a terminal; scripts read the JSON line below them."""

from __future__ import annotations

import importlib.util
import sys
from collections.abc import Mapping
from typing import Any


def print_figures(figures: Mapping[str, Mapping[str, Any]]) -> None:
    """A table on stdout, goals that were missed in red; nothing where stdout is no terminal, or rich is missing."""
    if not figures or not sys.stdout.isatty() or importlib.util.find_spec("rich") is None:
        return
    from rich.console import Console
    from rich.table import Table
    from rich.text import Text

    table = Table(box=None, header_style="dim", pad_edge=False)
    table.add_column("figure", no_wrap=True)
    for heading in ("median", "low", "high"):
        table.add_column(heading, justify="right")
    table.add_column("unit")
    table.add_column("goal", justify="right")
    for name, figure in figures.items():
        style = {None: "", True: "green", False: "bold red"}[goal_reached(figure)]
        spread = ["", ""] if figure["low"] == figure["high"] else [number(figure["low"]), number(figure["high"])]
        limit = "<" if figure["better"] == "lower" else ">"
        goal = "" if figure["goal"] is None else f"{limit} {number(figure['goal'])}"
        median = Text(number(figure["value"]), style=style)
        table.add_row(Text(name), median, *spread, Text(figure["unit"]), Text(goal, style=style))
    Console().print(table)


def goal_reached(figure: Mapping[str, Any]) -> bool | None:
    """Whether a figure is at its goal or better; None where it has none."""
    goal = figure["goal"]
    if goal is None:
        return None
    return bool(figure["value"] <= goal if figure["better"] == "lower" else figure["value"] >= goal)


def number(value: float) -> str:
    """Four digits that count, whole numbers whole."""
    return f"{value:,.0f}" if value == int(value) or abs(value) >= 1000 else f"{value:.4g}"
