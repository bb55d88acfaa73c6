"""Marks, notes, corrections, titles and tags beside a session that never changes."""

from __future__ import annotations

import threading
from pathlib import Path

import pytest

from app.session import notes
from app.session.events import NOTES, read_session
from app.session.recorder import Recorder
from core.errors import SessionError
from core.messages import Line


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    recorder = Recorder(tmp_path, "arena:7", {"source": "arena:7"})
    for number, text in enumerate(["Gaol!", "Saved."]):
        recorder.handle(Line(number, float(number), number + 1.0, text, 5.0, 5.1))
    recorder.close()
    return recorder.folder


def test_what_was_written_is_read_back(folder: Path) -> None:
    notes.mark(folder, 1.5, "watch this")
    notes.note(folder, "whole session")
    notes.note(folder, "here", at=0.5)
    notes.correct(folder, read_session(folder).lines[0], "Goal!")
    notes.rename(folder, "The final")
    notes.tag(folder, ["cup", "2026"])
    notes.tag(folder, ["cup"])
    session = read_session(folder)
    assert [(note["type"], note.get("at")) for note in session.annotations] == [
        ("mark", 1.5),
        ("note", None),
        ("note", 0.5),
        ("correction", 0.0),
    ]
    assert [line.text for line in session.lines] == ["Goal!", "Saved."]
    assert [event["text"] for event in session.events if event["type"] == "line"] == ["Gaol!", "Saved."]
    assert session.title == "The final"
    assert session.tags == ("cup",)


def test_a_half_written_note_takes_no_other_with_it(folder: Path) -> None:
    notes.mark(folder, 1.0)
    with (folder / NOTES).open("ab") as file:
        file.write(b'{"type":"mark","at":2')
    assert [note["at"] for note in read_session(folder).annotations] == [1.0]
    notes.mark(folder, 3.0)
    assert [note["at"] for note in read_session(folder).annotations] == [1.0, 3.0]


def test_two_writers_at_once(folder: Path) -> None:
    writers = [threading.Thread(target=lambda: [notes.mark(folder, 1.0) for _ in range(50)]) for _ in range(4)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    session = read_session(folder)
    assert len(session.annotations) == 200
    assert not session.damage


def test_a_folder_that_has_gone(tmp_path: Path) -> None:
    with pytest.raises(SessionError, match="The note cannot be written"):
        notes.mark(tmp_path / "gone", 1.0)


def test_what_others_may_not_read(folder: Path) -> None:
    notes.mark(folder, 1.0)
    assert (folder / NOTES).stat().st_mode & 0o077 == 0
