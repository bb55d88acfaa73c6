"""Questions in the player: asked, answered, and followed to the line."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.window.player_window import PlayerWindow
from tests.app.library.ask.test_passages import LINES
from tests.app.library.sessions import FIRST, record

pytestmark = pytest.mark.usefixtures("virtual_screen")


@pytest.fixture
def player(tmp_path: Path, qtbot: QtBot) -> Iterator[PlayerWindow]:
    window = PlayerWindow(record(tmp_path / "one", FIRST, LINES))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.entries.rowCount() == len(LINES))
    yield window
    window.close()


def test_a_sentence_leads_to_its_line(player: PlayerWindow, qtbot: QtBot) -> None:
    qtbot.keyClicks(player.ask.question, "Who scored?\r")
    qtbot.waitUntil(lambda: player.ask.answer.count() == 2)
    item = player.ask.answer.item(1)
    assert item.text() == f"00:07  {LINES[7]}"
    player.ask.answer.itemClicked.emit(item)
    assert player.time_line.at == 7.0
    entry = player.chosen()
    assert entry is not None
    assert entry.text == LINES[7]


def test_what_is_typed_is_no_shortcut(player: PlayerWindow, qtbot: QtBot) -> None:
    player.ask.question.setFocus()
    qtbot.keyClicks(player.ask.question, "m n, c. [x]")
    assert player.ask.question.text() == "m n, c. [x]"
    assert player.entries.rowCount() == len(LINES)
    assert not player.playback.is_running


def test_a_summary_and_nothing_found(player: PlayerWindow, qtbot: QtBot) -> None:
    player.ask.ask("")
    qtbot.waitUntil(lambda: player.ask.answer.count() == 8)
    player.ask.ask("Where is the elephant?")
    qtbot.waitUntil(lambda: player.ask.note.text() == "No line there tells of it.")
    assert player.ask.answer.count() == 0


def test_a_model_that_is_not_there_is_said(player: PlayerWindow, qtbot: QtBot) -> None:
    assert not player.ask.writer.isVisible()
    player.ask.offer_model("no/such/model")
    assert player.ask.writer.isVisible()
    player.ask.writer.setCurrentIndex(1)
    player.ask.ask("Who scored?")
    qtbot.waitUntil(lambda: "No model there" in player.ask.note.text())
