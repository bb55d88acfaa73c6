"""`courtside eval livesports-cc` as users run it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.chat_server import chat_server
from tests.core.eval.published.conftest import Command
from tests.core.eval.published.judges import always_a, nearer
from tests.core.eval.published.small_sets import write_lines

CLIPS = 4


@pytest.fixture
def words(clips: Path, tmp_path: Path, tiny_checkpoint: Path) -> list[object]:
    what = ["livesports-cc", "--data", clips, "--out", tmp_path / "out", "--model", tiny_checkpoint, "--device", "cpu"]
    return [*what, "--query", "Commentate", "--name", "tiny"]


def human(clips: Path) -> list[dict[str, object]]:
    """The human commentary as another model's answers."""
    records = [json.loads(line) for line in (clips / "LiveSports_3K_CC.jsonl").read_text().splitlines()]
    names = ("video_id", "event_id", "begin", "end")
    return [{name: record[name] for name in names} | {"pred": record["event_asr_text"]} for record in records]


def test_from_the_clips_to_scores(clips: Path, tmp_path: Path, words: list[object], evaluate: Command) -> None:
    write_lines(clips / "captions" / "Human.jsonl", human(clips))
    with chat_server(nearer) as server:
        done = evaluate(*words, "--judge", server.url, "--judge-model", "rules", "--patience-s", 9)
        asked = server.asked
    assert done.value("livesports_cc_judged") == CLIPS
    assert done.value("livesports_cc_win_rate") < 0.3
    assert {request["seed"] for request in asked} == {42}
    assert {request["temperature"] for request in asked} == {0}
    out = tmp_path / "out"
    answers = [json.loads(line) for line in (out / "predictions" / "tiny.jsonl").read_text().splitlines()]
    assert [set(answer) for answer in answers] == [{"video_id", "event_id", "begin", "end", "pred"}] * CLIPS
    scores = [json.loads(line) for line in (out / "judges" / "Human_tiny.jsonl").read_text().splitlines()]
    assert {score["ab_winner"] for score in scores} <= {"tiny", "Human"}
    again = evaluate(*words)
    assert again.value("livesports_cc_clips") == CLIPS
    assert "tiny 1 of" not in again.stderr


def test_without_other_models_it_is_held_against_silence(words: list[object], evaluate: Command) -> None:
    with chat_server(always_a) as server:
        done = evaluate(*words, "--judge", server.url, "--judge-model", "rules", "--patience-s", 9)
    assert done.value("livesports_cc_ties") == 1.0
    assert "a floor and no published figure" in done.stderr


def test_what_is_missing_is_named(clips: Path, words: list[object], evaluate: Command) -> None:
    write_lines(clips / "captions" / "Human.jsonl", human(clips)[1:])
    with (clips / "LiveSports_3K_CC.jsonl").open("a") as file:
        file.write(
            '{"video": "gone.mp4", "video_id": "x", "event_id": 1, "begin": 0, "end": 5, "event_asr_text": "x"}\n'
        )
        file.write(
            '{"video": "gone.mp4", "video_id": "x", "event_id": 2, "begin": 5, "end": 5, "event_asr_text": "x"}\n'
        )
    with chat_server(nearer) as server:
        done = evaluate(*words, "--judge", server.url, "--judge-model", "rules", "--patience-s", 9)
    assert done.value("livesports_cc_judged") == CLIPS - 1
    assert {k: n for k, n in done.found["skipped"].items() if n} == {"bad_line": 1, "missing_video": 1, "no_answer": 3}
    assert "'end' 5 is not after 'begin' 5" in done.stderr


def test_a_folder_without_clips_is_said(tmp_path: Path, words: list[object], evaluate: Command) -> None:
    done = evaluate(*words[:2], tmp_path, *words[3:])
    assert done.code == 1
    assert done.stderr.startswith("courtside: No clips: ")
