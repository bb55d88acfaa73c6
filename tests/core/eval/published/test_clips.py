"""Clips of LiveSports-3K CC, wherever their videos lie."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from core.eval.published.clips import other_answers, read_clips
from core.eval.published.skipped import SkippedItems
from tests.core.eval.published.small_sets import write_lines

CLIP = {"video": "v.mp4", "video_id": "a", "event_id": 3, "begin": 1, "end": 9.5, "event_title": None}
CLIP |= {"preasr_text": "before", "event_asr_text": "during"}


def ignoring() -> SkippedItems:
    return SkippedItems(lambda line: None)


def test_lines_and_a_list_are_read_alike(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    write_lines(tmp_path / "lines" / "test.jsonl", [CLIP])
    (tmp_path / "list").mkdir()
    (tmp_path / "list" / "LiveSports_3K_CC.json").write_text(json.dumps([CLIP]))
    [clip] = read_clips(tmp_path / "lines", ignoring())
    assert read_clips(tmp_path / "list", ignoring()) == [clip]
    assert (clip.key, clip.begin, clip.end, clip.title, clip.previous) == ("a_3", 1.0, 9.5, "", "before")
    assert clip.answered("said") == {"video_id": "a", "event_id": 3, "begin": 1.0, "end": 9.5, "pred": "said"}
    assert clip.video(tmp_path) == tmp_path / "v.mp4"
    (tmp_path / "elsewhere").mkdir()
    (tmp_path / "elsewhere" / "v.mp4").touch()
    monkeypatch.setenv("LIVESPORTS3K_PATH", str(tmp_path / "elsewhere"))
    assert clip.video(tmp_path) == tmp_path / "elsewhere" / "v.mp4"


def test_answers_are_found_by_clip(tmp_path: Path) -> None:
    write_lines(
        tmp_path / "x.jsonl", [{"video_id": "a", "event_id": 3, "pred": "said"}, {"video_id": "a", "pred": "x"}]
    )
    skipped = ignoring()
    assert other_answers(tmp_path / "x.jsonl", skipped) == {"a_3": "said"}
    assert skipped.counts()["bad_line"] == 1
