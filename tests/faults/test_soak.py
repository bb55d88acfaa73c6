"""A share of `make soak`: it changes its source, tells its figures, and nothing is logged."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from tests.faults.soak import growth, quarters
from tests.faults.virtual_x import running_x

pytest.importorskip("PySide6")


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
@pytest.mark.timeout(600)
def test_a_soaked_window_changes_its_source_and_tells(plain_environment: dict[str, str], checkout: Path) -> None:
    command = [sys.executable, "-m", "tests.faults.soak", "--rounds", "36", "--switch", "12"]
    with running_x() as (display, _server):
        there = {**plain_environment, "DISPLAY": display}
        done = subprocess.run(command, env=there, cwd=checkout, capture_output=True, text=True, check=False)
    assert done.stdout, done.stderr
    figures = json.loads(done.stdout.splitlines()[-1])
    assert (figures["rounds"], figures["starts"]) == (36, 3)
    assert (figures["warnings"], figures["failures"], figures["gaps"]) == ([], [], 0)
    assert min(figures["window_anonymous_mb_by_quarter"]) > 10
    assert done.returncode == bool(figures["failed"])


def test_growth_is_of_the_last_quarter_over_the_second() -> None:
    flat = [500.0, 100.0, 100.0, 102.0]
    assert quarters(flat) == flat
    assert growth(flat) == pytest.approx(0.02)
    assert growth([1.0, 1.0, 2.0, 2.0, 3.0, 3.0, 5.0, 5.0]) == pytest.approx(1.5)
