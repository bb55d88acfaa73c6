"""Lines and entries that are wrong are named by number; the others are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from core.errors import DataError
from core.eval.published.layout import find_video, read_entries, read_lines, safe_name, seconds
from core.eval.published.skipped import SkippedItems


def number(found: dict[str, Any]) -> float:
    return seconds(found["n"], "n")


def test_bad_lines_are_named_and_passed_over(tmp_path: Path) -> None:
    path = tmp_path / "x.jsonl"
    path.write_bytes(b'{"n": 1}\n\n[2]\n{"n": "3"}\nnot json\n{"m": 4}\n\xff\n{"n": 5}')
    told: list[str] = []
    skipped = SkippedItems(told.append)
    assert read_lines(path, number, skipped) == [1, 5]
    assert [item.where.rpartition(" ")[2] for item in skipped.items] == ["3", "4", "5", "6", "7"]
    assert told[1] == f"left out (bad_line): {path}, line 4: 'n' is no number of seconds"
    assert told[3].endswith("line 6: 'n' is missing")


def test_entries_of_a_list_too(tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    path.write_text('[{"n": 1}, 2, {"n": -3}, {"n": 4}]')
    skipped = SkippedItems(lambda line: None)
    assert read_entries(path, lambda entry: [number(entry)], skipped) == [1, 4]
    assert [item.where for item in skipped.items] == [f"{path}, entry 2", f"{path}, entry 3"]


@pytest.mark.parametrize(
    ("content", "title"), [(None, "No such file"), ("{", "Not JSON"), ("{}", "Not a list"), ("[1]", "Nothing to")]
)
def test_a_file_of_no_use_is_an_error(content: str | None, title: str, tmp_path: Path) -> None:
    path = tmp_path / "x.json"
    if content is not None:
        path.write_text(content)
    with pytest.raises(DataError, match=title):
        read_entries(path, lambda entry: [number(entry)], SkippedItems(lambda line: None))


def test_a_video_is_looked_for_below_each_root(tmp_path: Path) -> None:
    (tmp_path / "b").mkdir()
    (tmp_path / "b" / "v.mp4").touch()
    assert find_video("v.mp4", tmp_path / "a", tmp_path / "b") == tmp_path / "b" / "v.mp4"
    assert find_video("w.mp4", tmp_path / "a", tmp_path / "b") == tmp_path / "a" / "w.mp4"
    assert find_video("/x/v.mp4", tmp_path) == Path("/x/v.mp4")


def test_names_of_models_become_names_of_folders() -> None:
    assert safe_name("mit-han-lab/StreamingVLM") == "mit-han-lab_StreamingVLM"
    assert safe_name("") == "model"
