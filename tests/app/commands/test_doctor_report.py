"""A report of a fault: the last crash is in it, and nothing that a person wrote."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from app.commands.doctor_report import write_report
from app.folders import CRASH_FILE, config_folder
from app.settings import Settings
from app.settings_file import SettingsFile
from core.engine.crash_file import MAX_BYTES, note_end
from core.errors import SessionError

SECRET = "hunter2-token"
CRASH = """
import faulthandler, os, sys
from pathlib import Path
from core.engine.crash_file import keep_stacks
file = keep_stacks(Path(sys.argv[1]))
os.abort()
"""


@pytest.fixture(autouse=True)
def _own_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTSIDE_CONFIG_DIR", str(tmp_path / "config"))


def test_the_stacks_and_the_reason_of_a_real_crash_are_in_it(tmp_path: Path, checkout: Path) -> None:
    crash = config_folder() / CRASH_FILE
    done = subprocess.run([sys.executable, "-c", CRASH, str(crash)], cwd=checkout, capture_output=True, check=False)
    assert done.returncode < 0
    assert not done.stderr
    note_end(crash, "its process crashed (SIGABRT)")
    write_report(tmp_path / "report.txt", "the table")
    said = (tmp_path / "report.txt").read_text()
    assert "Fatal Python error: Aborted" in said
    assert "the engine ended: its process crashed (SIGABRT)" in said
    assert "the table" in said
    assert (crash.stat().st_mode & 0o777, (tmp_path / "report.txt").stat().st_mode & 0o777) == (0o600, 0o600)


def test_no_text_of_a_person_is_in_it(tmp_path: Path) -> None:
    written = Settings(source=f"rtsp://cam:{SECRET}@host/{SECRET}", context=SECRET, query=SECRET, memory_limit_mb=900)
    SettingsFile().save(written)
    write_report(tmp_path / "report.txt", "")
    said = (tmp_path / "report.txt").read_text()
    assert SECRET not in said
    assert "memory_limit_mb = 900" in said
    assert f"query: {len(SECRET)} characters" in said
    assert "== Last crash ==\nnone" in said


def test_a_crash_file_does_not_grow_without_bound() -> None:
    crash = config_folder() / CRASH_FILE
    for _ in range(5):
        note_end(crash, "x" * (MAX_BYTES // 2))
    assert crash.stat().st_size <= 2 * MAX_BYTES


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="The report cannot be written"):
        write_report(tmp_path / "nowhere" / "report.txt", "")
