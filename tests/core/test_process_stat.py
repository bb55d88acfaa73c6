"""The state of a process as Linux tells it."""

from __future__ import annotations

import signal
import subprocess
import sys
from pathlib import Path

import pytest

from core.process_stat import process_state, stat_fields
from tests.waiting import until

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="only Linux has /proc")


def test_a_process_sleeps_is_stopped_and_goes_on() -> None:
    with subprocess.Popen(["sleep", "60"]) as process:
        until(lambda: process_state(process.pid) == "S", "it sleeps")
        process.send_signal(signal.SIGSTOP)
        until(lambda: process_state(process.pid) == "T", "it is stopped")
        process.send_signal(signal.SIGCONT)
        until(lambda: process_state(process.pid) == "S", "it goes on")
        process.kill()
    assert process_state(process.pid) == ""
    assert process_state(None) == ""


def test_a_name_with_spaces_and_brackets_is_passed_over(tmp_path: Path) -> None:
    file = tmp_path / "stat"
    file.write_text("71 (a) R (b) S 1 2 3")
    assert stat_fields(file) == ["S", "1", "2", "3"]
    assert stat_fields(tmp_path / "gone") == []
