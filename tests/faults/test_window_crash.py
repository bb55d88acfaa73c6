"""A window that crashes leaves its stacks for `courtside doctor --report`."""

from __future__ import annotations

import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from app.folders import CRASH_FILE
from tests.faults.virtual_x import running_x
from tests.waiting import until


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_the_stacks_of_a_window_are_kept(tmp_path: Path, plain_environment: dict[str, str], checkout: Path) -> None:
    kept = tmp_path / "config" / CRASH_FILE
    with running_x() as (display, _):
        own = {"DISPLAY": display, "COURTSIDE_CONFIG_DIR": str(kept.parent), "COURTSIDE_SESSIONS_DIR": str(tmp_path)}
        window = subprocess.Popen(
            [sys.executable, "-m", "app"], env={**plain_environment, **own}, cwd=checkout, stderr=subprocess.PIPE
        )
        try:
            until(kept.exists, "the window runs")
            window.send_signal(signal.SIGSEGV)
            _, said = window.communicate(timeout=60)
        finally:
            window.kill()
            window.wait()
    assert window.returncode == -signal.SIGSEGV
    assert kept.read_text().startswith("Fatal Python error: Segmentation fault")
    assert b"Fatal" not in said
