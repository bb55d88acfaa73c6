"""Answers in the published layout: merged without doubling, and read segment by segment."""

from __future__ import annotations

from pathlib import Path

import pytest

from core.eval.published.answers import Answer, Item, merged, read_answer, read_merged, write_merged
from core.eval.published.games import Clip
from core.eval.published.skipped import SkippedItems


def said(start: int, end: int, word: str) -> Answer:
    return Answer("v.mp4", start, end, tuple(Item(s, s + 1.0, f"{word}{s}") for s in range(start, end)))


def clip(start: int, end: int) -> Clip:
    return Clip("v.mp4", start, end, "")


def test_merging_doubles_nothing() -> None:
    [whole] = merged([said(4, 8, "b"), said(0, 4, "a"), said(0, 2, "cut"), said(2, 6, "late")])
    assert (whole.start, whole.end) == (0, 8)
    assert [item.response for item in whole.items] == ["a0", "a1", "a2", "a3", "late4", "late5", "b6", "b7"]


def test_a_segment_has_what_ends_in_it() -> None:
    answer = said(0, 10, "w")
    assert answer.text(clip(2, 5)) == "w2 w3 w4"
    assert answer.text(clip(5, 12)) is None, "it ends before"
    assert said(3, 10, "w").text(clip(2, 5)) is None, "it begins after"


def test_silence_is_an_answer_and_a_hole_is_none() -> None:
    silent = Answer("v.mp4", 0, 10, (Item(2, 3, ""), Item(3, 4, " ")))
    assert silent.text(clip(2, 5)) == ""
    assert silent.text(clip(5, 8)) is None


def test_the_published_line_goes_there_and_back(tmp_path: Path) -> None:
    answer = said(0, 3, "w")
    assert read_answer(answer.record()) == answer
    write_merged(tmp_path, [answer])
    skipped = SkippedItems(lambda line: None)
    assert read_merged(tmp_path, skipped) == read_merged(tmp_path / "merged_result.jsonl", skipped) == {"v.mp4": answer}


def test_the_older_name_of_the_text_is_read() -> None:
    found = {"video": "v", "chunk_start": 0, "chunk_end": 9, "items": [{"text": "old", "end_time": 9}]}
    assert read_answer(found).items == (Item(9, 9, "old"),)


@pytest.mark.parametrize(
    "change", [{"items": None}, {"items": ["x"]}, {"chunk_end": "9"}, {"items": [{"response": 1, "end_time": 2}]}]
)
def test_what_is_no_answer_is_refused(change: dict[str, object]) -> None:
    with pytest.raises((ValueError, KeyError)):
        read_answer({"video": "v", "chunk_start": 0, "chunk_end": 9, "items": []} | change)
