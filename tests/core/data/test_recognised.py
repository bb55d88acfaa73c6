from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from core.data.recognised import parse
from core.data.sample import Word
from core.data.transcript import Transcript, text_of
from core.errors import DataError

PATH = Path("game.json")


def parsed(value: Any) -> Transcript:
    return parse(PATH, json.dumps(value))


def test_whisperx() -> None:
    words = [
        {"word": "He", "start": 1.0, "end": 1.2, "score": 0.9},
        {"word": "scores", "start": 1.3, "end": 1.8, "score": 0.9},
    ]
    found = parsed({"segments": [{"start": 1.0, "end": 1.8, "text": "He scores", "words": words}], "language": "en"})
    assert found.words == (Word(1.0, 1.2, "He"), Word(1.3, 1.8, "scores"))
    assert (found.guessed, found.skipped) == (0, 0)


def test_numbers_without_times_lie_between_their_neighbours() -> None:
    """WhisperX cannot align digits and leaves their times out."""
    words = [{"word": "at"}, {"word": "2", "end": None}, {"word": "to", "start": 2.0, "end": 2.5}, {"word": "1"}]
    found = parsed({"segments": [{"start": 1.0, "end": 3.0, "words": words}]})
    assert found.words == (
        Word(1.0, 1.5, "at"),
        Word(1.5, 2.0, "2"),
        Word(2.0, 2.5, "to"),
        Word(2.5, 3.0, "1"),
    )
    assert found.guessed == 3


def test_segments_without_words() -> None:
    found = parsed({"segments": [{"start": 2, "end": 3, "text": " a goal "}]})
    assert found.words == (Word(2.0, 2.5, "a"), Word(2.5, 3.0, "goal"))


@pytest.mark.parametrize(
    "value",
    [
        [[1, 1.5, " He"], [1.5, 2, "scores"]],
        [{"start": 1, "end": 1.5, "word": "He"}, {"start": 1.5, "end": 2, "text": "scores"}],
        {"words": [{"start": 1, "end": 1.5, "word": "He"}, {"start": 1.5, "end": 2, "word": "scores"}]},
        [[1.5, 2, "scores"], [1, 1.5, "He"]],
    ],
)
def test_plain_lists_of_words(value: Any) -> None:
    assert parsed(value).words == (Word(1.0, 1.5, "He"), Word(1.5, 2.0, "scores"))


def test_open_ends_of_a_plain_list() -> None:
    found = parsed([{"word": "two"}, {"word": "one", "start": 3, "end": 4}, {"word": "up"}])
    assert [(round(word.start, 3), round(word.end, 3)) for word in found.words] == [(2.7, 3), (3, 4), (4, 4.3)]


def test_what_cannot_be_used_is_counted() -> None:
    found = parsed([[1, 2, "yes"], [1, 2], "no", {"word": 7, "start": 1, "end": 2}, {"start": 1, "end": 2}])
    assert (text_of(found.words), found.skipped) == ("yes", 4)
    found = parsed({"segments": [{"start": 1, "end": 2, "text": "yes"}, {"text": "no"}, 7, {"words": [{"word": "x"}]}]})
    assert (text_of(found.words), found.skipped) == ("yes", 3)


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("{", "is no JSON"),
        ("7", "neither segments nor words"),
        ('{"segments": 7}', "neither segments nor words"),
        ("[]", "no word with a time"),
        ('{"segments": []}', "no word with a time"),
        ('[{"word": "x", "start": NaN, "end": 1}]', "no word with a time"),
        ('[{"word": "x", "start": -1, "end": 1}]', "no word with a time"),
    ],
)
def test_what_is_no_recogniser_output(text: str, told: str) -> None:
    with pytest.raises(DataError, match=rf"game\.json.*{told}"):
        parse(PATH, text)
