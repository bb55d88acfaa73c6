from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from app.session.recorder import Recorder
from core.data.rounds import rounds
from core.data.sample import QuestionAnswer, Sample
from core.data.session import is_session, read_session, session_video
from core.data.transcript import read_transcript, text_of
from core.errors import DataError
from core.messages import Ask, CommandSent, Line, Stats

STATS = Stats(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)


def line(round_: int, text: str) -> Line:
    return Line(round_, round_, round_ + 1.0, text, captured_at=100 + round_, shown_at=100.5 + round_)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A session as the application writes it."""
    recorder = Recorder(tmp_path, "Arena", {"source": "arena:3", "context": "In white, Hollow.", "query": "Commentate"})
    for message in (line(0, "Kick off"), STATS, line(1, ""), line(2, "Hollow win the ball")):
        recorder.handle(message)
    recorder.handle(CommandSent(Ask("Who leads?"), asked_at=102.6))
    for message in (line(3, "Nobody, it is level"), line(4, "a shot")):
        recorder.handle(message)
    recorder.close()
    return recorder.folder


def test_the_words_come_back_in_their_rounds(folder: Path) -> None:
    found = read_transcript(folder)
    sample = Sample("v", 0, 5, words=found.words, qa_stream=found.qa_stream)
    assert [r.text for r in rounds(sample)] == [
        " Kick off ...",
        " ...",
        " Hollow win the ball ...",
        "Nobody, it is level\n ...",
        " a shot ...",
    ]
    assert found.qa_stream == (QuestionAnswer(3.0, 4.0, "Who leads?", "Nobody, it is level"),)
    assert (found.heard, found.until) == (False, 5.0)
    assert (found.query, found.context, found.skipped) == ("Commentate", "In white, Hollow.", 0)


def test_damaged_lines_are_passed_over_and_counted(folder: Path) -> None:
    events = folder / "events.jsonl"
    lines = events.read_bytes().split(b"\n")
    lines[1] = b"\0" * 40
    lines[3] = b'{"type": "line", "tex'
    lines.insert(5, b'{"type":"line","round":9,"start":null,"end":2,"text":"x","shown_at":1}')
    events.write_bytes(b"\n".join(lines) + b'{"type":"line","star')
    found = read_session(folder)
    assert found.skipped == 2
    assert text_of(found.words) == "Hollow win the ball a shot"


def test_what_a_person_corrected_holds(folder: Path) -> None:
    corrections = [
        (2, "Hollow lose it"),
        (0, ""),
        (1, "Nothing yet"),
        (2, "Axton win the ball"),
        ("x", "no"),
        (99, "no"),
    ]
    records = [{"type": "correction", "round": number, "text": text} for number, text in corrections]
    (folder / "notes.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records) + "{half")
    found = read_session(folder)
    assert text_of(found.words) == "Nothing yet Axton win the ball a shot"
    assert found.skipped == 1


def test_where_the_pictures_of_a_session_are(folder: Path, tmp_path: Path) -> None:
    assert is_session(folder)
    assert session_video(folder) is None
    watched = tmp_path / "match.mp4"
    watched.touch()
    recorder = Recorder(tmp_path, "match", {"source": str(watched)})
    recorder.close()
    assert session_video(recorder.folder) == watched
    (recorder.folder / "video.mkv").touch()
    assert session_video(recorder.folder) == recorder.folder / "video.mkv"


@pytest.mark.parametrize("event", [{"type": "question", "text": "Why?", "asked_at": None}, {"type": 3}, [], "x"])
def test_events_that_are_none(folder: Path, event: Any) -> None:
    with (folder / "events.jsonl").open("a") as file:
        file.write(json.dumps(event) + "\n")
    assert len(read_session(folder).qa_stream) == 1


def test_a_session_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(DataError, match="Cannot read the session"):
        read_session(tmp_path)
