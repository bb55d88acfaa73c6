"""Questions and summaries: by the lines themselves, and by a writer whose every sentence must rest on lines."""

from __future__ import annotations

import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from app.cli import main
from app.library.ask.asking import asked, stretch_in, summary
from app.library.cues import Stretch
from app.session.events import Session, read_session
from core.assets import BUNDLED
from tests.app.library.ask.test_passages import LINES
from tests.app.library.sessions import FIRST, record
from tests.chat_server import chat_server


class Scripted:
    """A writer that says what it is told to, of chunks of so many characters."""

    name = "scripted"

    def __init__(self, *texts: str, most: int = 10_000) -> None:
        self.given: list[tuple[str, str]] = []
        self._texts = list(texts)
        self._most = most

    def fits(self, text: str) -> bool:
        return len(text) <= self._most

    def write(self, lines: str, question: str) -> str:
        self.given.append((lines, question))
        return self._texts.pop(0)


@pytest.fixture
def session(tmp_path: Path) -> Session:
    return read_session(record(tmp_path / "one", FIRST, LINES))


def test_the_lines_are_the_answer(session: Session) -> None:
    answer = asked(session, Stretch(), "Who scored?")
    assert (answer.by, answer.left_out) == ("lines", 0)
    assert [sentence.text for sentence in answer.sentences] == [LINES[4], LINES[7]]
    assert [sentence.lines[0].line.round for sentence in answer.sentences] == [4, 7]
    assert next(answer.in_words()) == "   00:04  Union score! Union 1, Harbour 0."
    in_part = asked(session, Stretch("video", 5.0, None), "Who scored?")
    assert [sentence.text for sentence in in_part.sentences] == [LINES[7]]
    nothing = asked(session, Stretch(), "Where is the elephant?")
    assert (nothing.sentences, list(nothing.in_words())) == ((), ["No line there tells of it."])


def test_two_times_in_a_question_are_its_stretch(session: Session, tmp_path: Path) -> None:
    answer = asked(session, Stretch(), "What happened between 0:02 and 0:04?")
    assert [sentence.text for sentence in answer.sentences] == LINES[2:4]
    long = read_session(record(tmp_path / "long", datetime(2026, 1, 5, 13, 30).timestamp(), ["Said."] * 2400))
    assert stretch_in("between 14:00 and 14:20", long) == Stretch("video", 840.0, 860.0)
    assert stretch_in("between 44:00 and 0:44:20", long) is None
    short = read_session(record(tmp_path / "short", datetime(2026, 1, 5, 13, 59, 58).timestamp(), ["Said."] * 5))
    assert stretch_in("between 14:00 and 14:20", short) == Stretch("wall", 50_400.0, 51_600.0)
    said = asked(short, Stretch(), "what happened between 14:00 and 14:20?")
    assert [cue.line.round for sentence in said.sentences for cue in sentence.lines] == [2]
    assert stretch_in("at 14:00?", short) is None


def test_a_writers_sentences_rest_on_lines_or_go(session: Session) -> None:
    writer = Scripted("Union scored twice. Harbour won 7 to 0! 00:02 Keller saved. An elephant came by.")
    answer = asked(session, Stretch(), "What happened?", writer)
    assert writer.given[0][1] == "What happened?"
    assert writer.given[0][0].splitlines()[2] == "00:02 Saved by the keeper Keller."
    assert [sentence.text for sentence in answer.sentences] == ["Union scored twice.", "Keller saved."]
    assert all(sentence.lines for sentence in answer.sentences)
    assert (answer.by, answer.left_out) == ("scripted", 2)
    assert list(answer.remarks()) == ["2 sentences of scripted are left out: no line holds them up."]


def test_a_session_is_summed_up_in_chunks(session: Session) -> None:
    writer = Scripted("Union shoot.", "Nothing.", "Union score.", "A free kick.", "Union score.", most=70)
    answer = summary(session, Stretch(), writer)
    assert len(writer.given) > 2
    assert "\n".join(lines for lines, _ in writer.given).count("\n") == len(LINES) - 1
    assert [sentence.text for sentence in answer.sentences][:1] == ["Union shoot."]
    assert [s.text for s in summary(session, Stretch()).sentences][:1] == [LINES[0]]


def objects(capsys: pytest.CaptureFixture[str], *words: str) -> dict[str, Any]:
    """What `sessions WORDS --json` printed; it must have gone well."""
    assert main(["sessions", *words, "--json"]) == 0
    found: dict[str, Any] = json.loads(capsys.readouterr().out)
    return found


def test_the_commands(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = str(record(tmp_path / "apart", FIRST, LINES))
    answer = objects(capsys, "ask", folder, "--from", "0:05", "--to", "1:00", "Who scored?")
    assert (answer["type"], answer["question"], answer["by"]) == ("answer", "Who scored?", "lines")
    assert answer["sentences"] == [{"text": LINES[7], "lines": [{"round": 7, "start": 7.0, "text": LINES[7]}]}]
    summed = objects(capsys, "summary", folder)
    assert summed["type"] == "summary"
    assert {LINES[4], LINES[7]} <= {sentence["text"] for sentence in summed["sentences"]}
    assert main(["sessions", "ask", folder, "Elephants?"]) == 0
    assert capsys.readouterr().out == "No line there tells of it.\n"


def test_an_endpoint_writes(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    folder = str(record(tmp_path / "apart", FIRST, LINES))
    with chat_server() as server:
        server.answer = lambda system, user: "Union scored. Elephants sang." if "Answer" in system else "Union shoot."
        words = ("--endpoint", server.url, "--endpoint-model", "small")
        answer = objects(capsys, "ask", folder, "Who scored?", *words)
        summed = objects(capsys, "summary", folder, *words)
    assert (answer["by"], answer["left_out"]) == ("small", 1)
    assert [sentence["text"] for sentence in answer["sentences"]] == ["Union scored."]
    assert [sentence["lines"][0]["round"] for sentence in summed["sentences"]] == [1]


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("ask", "  "), "Nothing was asked"),
        (("ask", "Who?", "--model", ""), "The bundled model answers no questions"),
        (("ask", "Who?", "--model", str(BUNDLED)), "The bundled model answers no questions"),
        (("summary", "--endpoint", "http://127.0.0.1:1/v1"), "No model"),
        (("summary", "--endpoint-model", "x"), "No endpoint"),
        (("summary", "--model", "x/y", "--endpoint", "http://127.0.0.1:1/v1"), "Two writers"),
    ],
)
def test_what_makes_no_sense_is_said(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: tuple[str, ...], said: str
) -> None:
    folder = str(record(tmp_path / "apart", FIRST, LINES))
    assert main(["sessions", words[0], folder, *words[1:]]) == 2
    assert said in capsys.readouterr().err
