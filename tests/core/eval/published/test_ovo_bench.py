"""`courtside eval ovo-bench` as users run it, and what its entries become."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import pytest

from core.eval.published.ovo_bench import questions_of
from core.eval.published.prompts import Prompts
from tests.core.eval.published.conftest import SEEDS, Command

VIDEO = f"videos/match_{SEEDS[0]}.mp4"
CHOICE = {"id": 0, "task": "OCR", "video": VIDEO, "question": "Which?", "options": ["x", "y"], "gt": 1, "realtime": 9}
CRR = {"id": 1, "task": "CRR", "video": VIDEO, "question": "Who?", "ask_time": 4}
CRR |= {"test_info": [{"realtime": 8, "type": 0}, {"realtime": 12.5, "type": 1}]}
REC = {"id": 2, "task": "REC", "video": VIDEO, "activity": "shoot", "test_info": [{"realtime": 9, "count": 10}]}
SSR = {"id": 3, "task": "SSR", "video": VIDEO, "test_info": [{"realtime": 9, "type": 1, "step": "kick off"}]}


def asked(entry: dict[str, Any]) -> list[dict[str, Any]]:
    return questions_of(entry, Prompts())


def test_an_entry_becomes_a_question_for_each_time() -> None:
    [choice] = asked(CHOICE)
    assert choice["prompt"] == "Which?\nA. x\nB. y\nPlease select the correct answer."
    assert (choice["answer"], choice["video_start"], choice["video_end"]) == ("B", 0.0, 9.0)
    first, second = asked(CRR)
    assert (first["answer"], first["video_start"], first["video_end"]) == ("No", 4.0, 8.0)
    assert (second["answer"], second["video_start"], second["video_end"]) == ("Yes", 4.0, 12.5)
    assert [question["answer"] for question in asked(REC) + asked(SSR)] == ["10", "Yes"]
    assert "kick off" in asked(SSR)[0]["prompt"]


@pytest.mark.parametrize("change", [{"gt": 9}, {"realtime": None}, {"options": 3}, {"task": "CRR"}, {"video": 1}])
def test_a_wrong_entry_is_refused(change: dict[str, Any]) -> None:
    with pytest.raises((ValueError, LookupError, TypeError)):
        asked(CHOICE | change)


@pytest.fixture
def words(games: Path, tmp_path: Path, tiny_checkpoint: Path) -> list[object]:
    entries = [CHOICE, CRR, REC, SSR, CHOICE | {"gt": 9}, CHOICE | {"video": "gone.mp4"}, CHOICE | {"realtime": 99}]
    (games / "ovo_bench_new.json").write_text(json.dumps(entries))
    what = ["ovo-bench", "--data", games, "--out", tmp_path / "out", "--model", tiny_checkpoint, "--device", "cpu"]
    return [*what, "--name", "tiny"]


def test_from_the_questions_to_the_published_files(tmp_path: Path, words: list[object], evaluate: Command) -> None:
    done = evaluate(*words)
    assert done.value("ovo_bench_questions") == 5
    assert {f"ovo_bench_{part}" for part in ("realtime", "forward", "average", "OCR")} <= set(done.found["figures"])
    assert "ovo_bench_backward" not in done.found["figures"], "no question of that part"
    skipped = {kind: count for kind, count in done.found["skipped"].items() if count}
    assert skipped == {"bad_line": 1, "missing_video": 1, "too_short": 1}
    found = json.loads((tmp_path / "out" / "tiny.json").read_text())
    assert [entry["task"] for entry in found] == ["OCR", "CRR", "CRR", "REC", "SSR"]
    right = sum(entry["response"].startswith(entry["answer"]) for entry in found if entry["task"] == "CRR")
    assert f"CRR: {right}/2\n" in (tmp_path / "out" / "tiny.txt").read_text()
    assert done.value("ovo_bench_CRR") == right / 2


def test_it_goes_on_where_it_was(games: Path, words: list[object], evaluate: Command) -> None:
    assert "tiny 2 of 2" in evaluate(*words, "--limit", 2).stderr
    again = evaluate(*words)
    assert "tiny 5 of 5: question 7" in again.stderr
    assert "question 2\n" not in again.stderr
    shutil.rmtree(games / "videos")
    kept = evaluate(*words)
    assert kept.value("ovo_bench_questions") == 5
