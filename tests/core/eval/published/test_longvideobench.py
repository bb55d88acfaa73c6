"""`courtside eval longvideobench` as users run it."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pytest

from tests.core.eval.published.conftest import GAME_S, SEEDS, Command

QUESTION = {
    "video_path": f"match_{SEEDS[0]}.mp4",
    "question": "Who plays?",
    "candidates": ["Harbour", "Union", "both"],
    "correct_choice": 0,
    "duration": GAME_S,
    "duration_group": 15,
    "question_category": "S2E",
}


@pytest.fixture
def words(games: Path, tmp_path: Path, tiny_checkpoint: Path) -> list[object]:
    entries = [QUESTION | {"correct_choice": number, "duration_group": (15, 60, 60)[number]} for number in range(3)]
    entries += [QUESTION | {"correct_choice": 3}, QUESTION | {"video_path": "gone.mp4"}]
    (games / "lvb_val.json").write_text(json.dumps(entries))
    what = ["longvideobench", "--data", games, "--out", tmp_path / "out", "--model", tiny_checkpoint, "--device", "cpu"]
    return [*what, "--name", "tiny"]


def test_from_the_questions_to_accuracy_by_length(tmp_path: Path, words: list[object], evaluate: Command) -> None:
    done = evaluate(*words, "--max-frames", 6)
    assert done.value("longvideobench_questions") == 3
    assert {k: n for k, n in done.found["skipped"].items() if n} == {"bad_line": 1, "missing_video": 1}
    with (tmp_path / "out" / "tiny_LongVideoBench_1fps.tsv").open() as file:
        rows = list(csv.DictReader(file, delimiter="\t"))
    assert len({row["prediction"] for row in rows}) == 1, "one video and one question: one answer"
    scores = [int(row["score"]) for row in rows]
    assert [int(row["prediction"] == "ABC"[int(row["correct_choice"])]) for row in rows] == scores
    assert done.value("longvideobench_accuracy") == pytest.approx(sum(scores) / 3)
    assert done.value("longvideobench_accuracy_15s") == scores[0]
    assert done.value("longvideobench_accuracy_60s") == sum(scores[1:]) / 2


def test_answers_of_other_settings_are_not_mixed(words: list[object], evaluate: Command) -> None:
    assert evaluate(*words, "--max-frames", 6, "--limit", 1).code == 0
    done = evaluate(*words, "--max-frames", 8)
    assert done.code == 2
    assert "Other settings" in done.stderr
