"""What matters most of a stretch."""

from __future__ import annotations

from pathlib import Path

from app.library.ask.highlights import PER_CHUNK, highlights
from app.library.cues import Stretch, cues, markers
from app.session import notes
from app.session.events import read_session
from tests.app.library.sessions import FIRST, record


def chosen(folder: Path) -> list[int]:
    session = read_session(folder)
    return [cue.line.round for cue in highlights(cues(session), markers(session, Stretch()))]


def test_marks_then_scores_that_change_then_great_moments_then_what_is_rare(tmp_path: Path) -> None:
    texts = ["The ball goes round."] * 60
    texts[7] = "A pigeon lands."
    texts[20] = "Union score! Union 1, Harbour 0."
    texts[25] = "Still Union 1, Harbour 0."
    texts[31] = "A penalty."
    texts[40] = "Union score! Union 2, Harbour 0."
    texts[44:48] = ["What a goal!", "He is dead.", "A crash.", "An error."]
    folder = record(tmp_path / "one", FIRST, texts)
    notes.mark(folder, 50.5)
    assert set(chosen(folder)) >= {20, 31, 40, 44, 45, 46, 47, 50}
    assert 25 not in chosen(folder)
    assert len(chosen(folder)) <= 2 * PER_CHUNK


def test_a_few_of_every_ten_minutes_of_an_hour(tmp_path: Path) -> None:
    folder = record(tmp_path / "one", FIRST, [f"Round {n}, nothing new{'!' * (n % 50 == 0)}" for n in range(3600)])
    found = chosen(folder)
    assert found == sorted(found)
    assert [sum(start <= number < start + 600 for number in found) for start in range(0, 3600, 600)] == [PER_CHUNK] * 6


def test_nothing_said(tmp_path: Path) -> None:
    assert chosen(record(tmp_path / "one", FIRST, ["", ""])) == []
