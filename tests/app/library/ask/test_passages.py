"""Which lines speak of something, and which hold a sentence up."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from app.library.ask.passages import Passages, asks_for_all, telling_words
from app.library.cues import cues
from app.session.events import read_session
from tests.app.library.sessions import FIRST, record

LINES = [
    "Harbour kick off. Union 0, Harbour 0.",
    "Union shoot!",
    "Saved by the keeper Keller.",
    "Corner for Union.",
    "Union score! Union 1, Harbour 0.",
    "Die Überraschung: Gelbe Karte.",
    "Harbour win a free kick.",
    "Union score again! Union 2, Harbour 0.",
]


@pytest.fixture
def passages(tmp_path: Path) -> Iterator[Passages]:
    session = read_session(record(tmp_path / "one", FIRST, LINES))
    with closing(Passages(cues(session))) as made:
        yield made


@pytest.mark.parametrize(
    ("question", "found"),
    [
        ("Who scored?", [4, 7]),
        ("Did the keeper save a shot?", [2]),
        ("Was passierte mit der GELBEN karte?", [5]),
        ("uberraschung", [5]),
        ('" OR NEAR( * free kicks', [6]),
        ("elephant", []),
        ("What was that?", []),
    ],
)
def test_lines_that_speak_of_it(passages: Passages, question: str, found: list[int]) -> None:
    assert [cue.line.round for cue in passages.best(question, 8)] == found


def test_no_more_than_asked_for_the_best_by_time(passages: Passages) -> None:
    assert len(passages.best("Union", 8)) == 5
    assert [cue.line.round for cue in passages.best("Union shoot", 1)] == [1]


@pytest.mark.parametrize(
    ("sentence", "lines"),
    [
        ("Union scored twice, it is 2 against 0 for Harbour", [7]),
        ("The keeper Keller saved it, then came a corner", [2, 3]),
        ("Union shoot", [1]),
        ("Union won by 5 to 0", None),
        ("Elephants walked over the pitch and sang", None),
        ("It was what it was", None),
        ("", None),
    ],
)
def test_what_holds_a_sentence_up(passages: Passages, sentence: str, lines: list[int] | None) -> None:
    support = passages.support(sentence)
    assert (support and [cue.line.round for cue in support.lines]) == lines


def test_questions_about_everything() -> None:
    assert asks_for_all("What happened there?")
    assert asks_for_all("Was ist passiert?")
    assert not asks_for_all("What happened to Keller?")
    assert telling_words("Keller and keller's KELLER") == ["keller", "s"]
