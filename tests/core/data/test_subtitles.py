from __future__ import annotations

from pathlib import Path

import pytest

from core.data.sample import Word
from core.data.subtitles import parse
from core.data.transcript import text_of
from core.errors import DataError

SRT = Path("game.srt")
VTT = Path("game.vtt")


def test_words_of_a_line_share_its_time() -> None:
    found = parse(SRT, "1\n00:00:01,000 --> 00:00:03,000\nHe shoots\nand scores\n\n")
    assert found.words == (
        Word(1.0, 1.5, "He"),
        Word(1.5, 2.0, "shoots"),
        Word(2.0, 2.5, "and"),
        Word(2.5, 3.0, "scores"),
    )
    assert (found.guessed, found.skipped) == (4, 0)


def test_markup_is_no_word() -> None:
    found = parse(SRT, "1\n00:00:01,000 --> 00:00:03,000\n{\\an8}<i>Tom &amp; Jerry</i>\n\n")
    assert text_of(found.words) == "Tom & Jerry"


def test_windows_line_ends_and_missing_numbers() -> None:
    found = parse(SRT, "00:00:01,000 --> 00:00:02,000\r\nOne\r\n\r\n00:00:02,000 --> 00:00:03,000\r\nTwo\r\n")
    assert text_of(found.words) == "One Two"


YOUTUBE = """WEBVTT
Kind: captions
Language: en

NOTE made by a machine
00 is not a time

00:00:01.000 --> 00:00:03.000 align:start position:0%
 
he<00:00:01.500><c> shoots</c><00:00:02.000><c> and</c>

00:00:03.000 --> 00:00:03.010 align:start position:0%
he shoots and
 

00:00:03.010 --> 00:00:05.000 align:start position:0%
he shoots and
scores<00:00:04.000><c> a goal</c>

STYLE
::cue { color: white }

cue-name
01:00:05.000 --> 01:00:06.000
<v Ann>What a goal</v>
"""  # noqa: W291, W293: as the service writes it


def test_captions_that_roll_up_come_once_and_at_their_own_times() -> None:
    found = parse(VTT, YOUTUBE)
    assert found.words[:6] == (
        Word(1.0, 1.5, "he"),
        Word(1.5, 2.0, "shoots"),
        Word(2.0, 3.0, "and"),
        Word(3.01, 4.0, "scores"),
        Word(4.0, 4.5, "a"),
        Word(4.5, 5.0, "goal"),
    )
    assert text_of(found.words[6:]) == "What a goal"
    assert found.words[6].start == 3605.0
    assert found.guessed == 3


def test_what_is_said_again_later_stays() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\nGoal!\n\n2\n00:00:09,000 --> 00:00:10,000\nGoal!\n"
    assert text_of(parse(SRT, text).words) == "Goal! Goal!"


def test_lines_out_of_order_and_lines_that_end_before_they_start() -> None:
    text = "1\n00:00:05,000 --> 00:00:04,000\nlate\n\n2\n00:00:01,000 --> 00:00:02,000\nearly\n"
    assert parse(SRT, text).words == (Word(1.0, 2.0, "early"), Word(5.0, 5.0, "late"))


def test_lines_without_words_are_counted() -> None:
    text = "1\n00:00:01,000 --> 00:00:02,000\n<i></i>\n\n2\n00:00:03,000 --> 00:00:04,000\nhere\n"
    assert parse(SRT, text).skipped == 1


@pytest.mark.parametrize("path", [SRT, VTT])
@pytest.mark.parametrize("text", ["only words\n", "1\n2\n3\n", '{"json": 1}', "\x00\x01\x02" * 50])
def test_what_is_no_subtitle_file(path: Path, text: str) -> None:
    with pytest.raises(DataError, match=rf"game\.{path.suffix[1:]} holds no line with times"):
        parse(path, text)
