from __future__ import annotations

from pathlib import Path

import pytest

from core.data.sample import Word
from core.data.transcript import decoded, read_transcript, sentences, spread, text_of
from core.errors import DataError


def told(text: str, start: float = 0.0, each: float = 0.5) -> list[Word]:
    words = text.split()
    return spread(words, start, start + each * len(words))


def test_words_are_spread_evenly() -> None:
    assert spread(["a", "b"], 1, 2) == [Word(1, 1.5, "a"), Word(1.5, 2, "b")]
    assert spread(["a"], 3, 2) == [Word(3, 3, "a")]
    assert spread([], 0, 2) == []


def test_a_sentence_ends_at_its_mark_and_before_a_pause() -> None:
    words = told('He shoots! "Saved." again by Mr. smith') + told("And now", start=9)
    assert [text_of(sentence) for sentence in sentences(words)] == [
        "He shoots!",
        '"Saved." again by Mr. smith',
        "And now",
    ]


def test_what_has_no_marks_is_cut() -> None:
    assert [len(sentence) for sentence in sentences(told("word " * 130))] == [60, 60, 10]


@pytest.mark.parametrize(
    ("data", "text"),
    [("gól".encode(), "gól"), (b"\xef\xbb\xbfa", "a"), ("gól".encode("utf-16"), "gól"), (b"na\xefve", "naïve")],
)
def test_encodings(data: bytes, text: str) -> None:
    assert decoded(data) == text


@pytest.mark.parametrize("name", ["empty.srt", "empty.vtt", "empty.json"])
def test_an_empty_file(tmp_path: Path, name: str) -> None:
    (tmp_path / name).write_bytes(b" \n")
    with pytest.raises(DataError, match=f"{name} is empty"):
        read_transcript(tmp_path / name)


def test_a_file_that_is_gone(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="No such file"):
        read_transcript(tmp_path / "gone.srt")
