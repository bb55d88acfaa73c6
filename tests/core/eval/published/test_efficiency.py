"""`courtside eval efficiency` as users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.core.eval.published.conftest import GAME_S, SEEDS, Command


@pytest.fixture
def words(games: Path, tmp_path: Path, tiny_checkpoint: Path) -> list[object]:
    what = ["efficiency", "--data", games / "videos", "--out", tmp_path / "out", "--model", tiny_checkpoint]
    return [*what, "--device", "cpu", "--name", "tiny", "--modes", "streaming,full"]


def test_each_mode_over_the_stream(tmp_path: Path, words: list[object], evaluate: Command) -> None:
    done = evaluate(*words, "--seconds", 25)
    assert done.value("efficiency_streaming_watched") == done.value("efficiency_full_watched") == 25
    assert done.value("efficiency_streaming_chunk") > 0
    found = {
        mode: json.loads((tmp_path / "out" / "efficiency" / f"tiny_{mode}.json").read_text())
        for mode in ("streaming", "full")
    }
    kept = {mode: [record["kv_tokens"] for record in each["per_chunk"]] for mode, each in found.items()}
    assert kept["full"] == sorted(kept["full"])
    assert kept["full"][-1] > kept["streaming"][-1], "nothing is evicted there"
    record = found["streaming"]["per_chunk"][3]
    assert (record["chunk_index"], record["time_start_sec"], record["video_len_sec"]) == (3, 3.0, 4.0)
    assert found["streaming"]["meta"]["video"] == f"match_{SEEDS[0]}.mp4"
    assert found["streaming"]["meta"]["ended"] == "done"
    page = (tmp_path / "out" / "report.html").read_text()
    assert page.count("<svg") == 4
    before = (tmp_path / "out" / "efficiency" / "tiny_full.json").read_bytes()
    again = evaluate(*words, "--seconds", 25)
    assert again.found["figures"] == done.found["figures"], "what was measured is kept"
    assert (tmp_path / "out" / "efficiency" / "tiny_full.json").read_bytes() == before


def test_a_video_that_ends_before_is_named_and_measured_as_far(words: list[object], evaluate: Command) -> None:
    done = evaluate(*words, "--seconds", 40, "--modes", "streaming")
    assert done.value("efficiency_streaming_watched") == GAME_S
    assert done.found["skipped"]["too_short"] == 1
    assert "has no picture at 30.0 s" in done.stderr


def test_a_mode_that_gets_too_slow_is_ended(tmp_path: Path, words: list[object], evaluate: Command) -> None:
    done = evaluate(*words, "--seconds", 5, "--stop-s", "1e-9")
    assert done.value("efficiency_full_watched") == 1
    found = json.loads((tmp_path / "out" / "efficiency" / "tiny_full.json").read_text())
    assert "a round took" in found["meta"]["ended"]


def test_a_folder_without_a_video_is_said(tmp_path: Path, words: list[object], evaluate: Command) -> None:
    (tmp_path / "empty").mkdir()
    done = evaluate(*words[:2], tmp_path / "empty", *words[3:])
    assert done.code == 1
    assert done.stderr.startswith("courtside: No video: ")
