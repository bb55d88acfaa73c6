"""The list of what was said."""

from __future__ import annotations

import time

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtTest import QAbstractItemModelTester
from PySide6.QtWidgets import QPushButton

from app.window.transcript import MAX_ROWS, ROWS_DROPPED_AT_ONCE, Column, Transcript
from app.window.transcript_view import TranscriptView
from core.messages import Line, Piece


def line(round_: int, text: str) -> Line:
    return Line(round_, float(round_), round_ + 1.0, text, 100.0 + round_, 100.42 + round_)


@pytest.fixture
def transcript(qapp) -> Transcript:
    return Transcript()


@pytest.fixture
def strict(transcript) -> Transcript:
    """The same, with Qt looking after every rule of models: slow for long lists."""
    QAbstractItemModelTester(transcript, QAbstractItemModelTester.FailureReportingMode.Fatal, transcript)
    return transcript


@pytest.fixture
def view(transcript, qtbot) -> TranscriptView:
    made = TranscriptView(transcript)
    qtbot.addWidget(made)
    made.resize(420, 300)
    made.show()
    qtbot.waitUntil(lambda: made.windowHandle().isExposed())
    return made


def shown(transcript: Transcript) -> list[tuple[str, str, str]]:
    return [
        tuple(transcript.index(row, column).data() for column in (Column.TIME, Column.TEXT, Column.AGE))
        for row in range(transcript.rowCount())
    ]


def test_a_line_grows_and_gets_its_time_and_age(strict: Transcript) -> None:
    strict.write(Piece(75, " Har"))
    strict.write(Piece(75, "bour"))
    assert shown(strict) == [("now", "Harbour", "")]
    assert strict.is_open(0)
    strict.finish(line(75, "Harbour score"))
    assert shown(strict) == [("01:15", "Harbour score", "0.42 s")]
    assert not strict.is_open(0)


def test_silence_is_not_listed(strict: Transcript) -> None:
    strict.finish(line(0, ""))
    strict.write(Piece(1, "  "))
    strict.finish(line(1, ""))
    strict.write(Piece(2, "Hm"))
    strict.finish(line(2, ""))
    assert shown(strict) == []


def test_a_line_that_was_never_finished_stays(strict: Transcript) -> None:
    strict.finish(line(0, "One"))
    strict.write(Piece(1, "Two begins"))
    strict.write(Piece(2, "Three"))
    assert [row[1] for row in shown(strict)] == ["One", "Two begins", "Three"]
    assert [strict.is_open(row) for row in range(3)] == [False, False, True]


def test_a_question_is_listed(strict: Transcript) -> None:
    strict.finish(line(4, "Before"))
    strict.ask("Who has the ball?")
    assert shown(strict)[1] == ("00:05", "Who has the ball?", "")


def test_the_oldest_go_first_by_the_rules(strict: Transcript, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.window.transcript.MAX_ROWS", 5)
    monkeypatch.setattr("app.window.transcript.ROWS_DROPPED_AT_ONCE", 2)
    for round_ in range(7):
        strict.finish(line(round_, f"line {round_}"))
    assert [row[1] for row in shown(strict)] == [f"line {n}" for n in (2, 3, 4, 5, 6)]
    strict.clear()
    assert shown(strict) == []


def test_memory_is_bounded(transcript: Transcript) -> None:
    for round_ in range(MAX_ROWS + 10):
        transcript.finish(line(round_, f"line {round_}"))
    assert transcript.rowCount() == MAX_ROWS - ROWS_DROPPED_AT_ONCE + 10
    assert shown(transcript)[-1][1] == f"line {MAX_ROWS + 9}"


def test_it_follows_the_newest_line_unless_scrolled_up(view: TranscriptView, transcript: Transcript, qtbot) -> None:
    for round_ in range(60):
        transcript.finish(line(round_, f"line {round_} with some words to fill more than one row of the view"))
    bar = view.verticalScrollBar()
    qtbot.waitUntil(lambda: bar.maximum() > 0 and bar.value() == bar.maximum())
    bar.setValue(40)
    assert not view.following()
    transcript.finish(line(60, "newer"))
    qtbot.wait(50)
    assert bar.value() == 40
    latest = view.findChild(QPushButton)
    assert latest.isVisible()
    qtbot.mouseClick(latest, Qt.MouseButton.LeftButton)
    transcript.finish(line(61, "newest"))
    qtbot.waitUntil(lambda: view.rowViewportPosition(61) < view.viewport().height())
    assert bar.value() == bar.maximum()


def test_rows_are_as_high_as_their_words_need_at_every_width(
    view: TranscriptView, transcript: Transcript, qtbot
) -> None:
    transcript.finish(line(0, "short"))
    transcript.finish(line(1, "long " * 40))
    assert view.rowHeight(1) > 3 * view.rowHeight(0)
    wide = view.rowHeight(1)
    view.resize(260, 300)
    qtbot.waitUntil(lambda: view.rowHeight(1) > wide)


def test_copy_takes_the_selected_lines(view: TranscriptView, transcript: Transcript, qtbot) -> None:
    for round_ in range(3):
        transcript.finish(line(round_, f"line {round_}"))
    view.selectAll()
    qtbot.keyClick(view, Qt.Key.Key_C, Qt.KeyboardModifier.ControlModifier)
    assert QGuiApplication.clipboard().text() == "00:00  line 0\n00:01  line 1\n00:02  line 2"


def test_a_line_in_a_full_list_costs_little(view: TranscriptView, transcript: Transcript, qtbot) -> None:
    for round_ in range(4000):
        transcript.finish(line(round_, "a line of ordinary length, as they come every second"))
    qtbot.wait(300)
    start = time.perf_counter()
    for round_ in range(4000, 4100):
        transcript.write(Piece(round_, "some words"))
        transcript.finish(line(round_, "some words and some more"))
    qtbot.wait(1)
    assert (time.perf_counter() - start) / 100 < 0.01
