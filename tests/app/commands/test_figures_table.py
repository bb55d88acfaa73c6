"""Figures on a terminal, and nothing but JSON for a script."""

from __future__ import annotations

import os
import pty
import re
import subprocess
import sys
from pathlib import Path

import pytest

from app.commands.figures_table import goal_reached, number, print_figures

FIGURES = {
    "chunk": {"value": 0.0412, "unit": "s", "low": 0.04, "high": 0.05, "goal": 0.06, "better": "lower"},
    "score_[right]": {"value": 0.37, "unit": "", "low": 0.37, "high": 0.37, "goal": 0.9, "better": "higher"},
    "rounds": {"value": 2400, "unit": "", "low": 2400, "high": 2400, "goal": None, "better": "higher"},
}


def test_a_script_sees_no_table(capsys: pytest.CaptureFixture[str]) -> None:
    print_figures(FIGURES)
    assert capsys.readouterr().out == ""


def test_a_terminal_sees_each_figure_and_which_goal_was_missed(checkout: Path) -> None:
    master, slave = pty.openpty()
    script = f"from app.commands.figures_table import print_figures; print_figures({FIGURES!r})"
    environment = {**os.environ, "PYTHONPATH": str(checkout), "TERM": "xterm-256color", "COLUMNS": "100"}
    subprocess.run([sys.executable, "-c", script], env=environment, stdout=slave, check=True)
    os.close(slave)
    shown = os.read(master, 65536).decode()
    os.close(master)
    rows = re.sub(r"\x1b\[[\d;]*m", "", shown).splitlines()
    assert [row.split() for row in rows] == [
        ["figure", "median", "low", "high", "unit", "goal"],
        ["chunk", "0.0412", "0.04", "0.05", "s", "<", "0.06"],
        ["score_[right]", "0.37", ">", "0.9"],
        ["rounds", "2,400"],
    ]
    assert re.search(r"\x1b\[1;31m *0\.37", shown)
    assert re.search(r"\x1b\[32m *0\.0412", shown)


def test_a_goal_is_a_limit_on_the_better_side() -> None:
    assert [goal_reached(figure) for figure in FIGURES.values()] == [True, False, None]


def test_numbers_have_four_digits_that_count() -> None:
    assert [number(value) for value in (0.000123456, 12.3456, 4.0, 123456.7)] == ["0.0001235", "12.35", "4", "123,457"]
