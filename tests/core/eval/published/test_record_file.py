"""Records that survive a kill, and settings that are not mixed."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.errors import UsageError
from core.eval.published.record_file import RecordFolder


def test_records_of_all_processes_are_found_again(tmp_path: Path) -> None:
    RecordFolder(tmp_path, {"seed": 0}).append(1, {"n": 2})
    RecordFolder(tmp_path, {"seed": 0}).append(0, {"n": 1, "text": "Tor für Köln"})
    assert list(RecordFolder(tmp_path, {"seed": 0}).records()) == [{"n": 1, "text": "Tor für Köln"}, {"n": 2}]


def test_a_line_that_a_kill_has_torn_is_written_over(tmp_path: Path) -> None:
    folder = RecordFolder(tmp_path, {})
    folder.append(0, {"n": 1})
    with (tmp_path / "result_0.jsonl").open("ab") as file:
        file.write(b'{"n": 2, "te')
    assert list(folder.records()) == [{"n": 1}]
    folder.append(0, {"n": 3})
    assert list(folder.records()) == [{"n": 1}, {"n": 3}]
    assert (tmp_path / "result_0.jsonl").read_text() == '{"n": 1}\n{"n": 3}\n'


def test_other_settings_are_refused_by_name(tmp_path: Path) -> None:
    RecordFolder(tmp_path, {"seed": 0, "size": (2, 3)})
    RecordFolder(tmp_path, {"seed": 0, "size": (2, 3)})
    with pytest.raises(UsageError, match="made with seed 0, not 1"):
        RecordFolder(tmp_path, {"seed": 1, "size": (2, 3)})
