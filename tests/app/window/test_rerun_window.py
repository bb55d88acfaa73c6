"""Watching again from the player: asked, watched by the real model in its process, shown side by side."""

from __future__ import annotations

from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.session.events import read_session
from app.window.library_windows import LibraryWindows
from tests.app.library.sessions import FIRST, record

pytestmark = pytest.mark.usefixtures("virtual_screen")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "sessions"
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(root))
    return record(root / "one", FIRST, [f"Line {number}." for number in range(20)], source="arena:5")


@pytest.mark.timeout(180)
def test_a_stretch_with_another_persona_and_seed(folder: Path, qtbot: QtBot) -> None:
    windows = LibraryWindows()
    windows.open_session(folder)
    player = windows.players[folder]
    qtbot.waitUntil(lambda: player.entries.rowCount() == 20)
    player.go_to(4.0)
    player.rerun_wanted.emit(4.0)
    (again,) = windows.reruns
    assert again.start.text() == "00:04"
    again.until.setText("0:10")
    again.persona.setCurrentIndex(again.persona.findData("hype"))
    again.seed.setText("7")
    again.begin.click()
    assert again.is_running
    qtbot.waitUntil(lambda: bool(windows.comparisons), timeout=120_000)
    (compared,) = windows.comparisons
    assert not again.is_running
    assert compared.table.rowCount() >= 6
    new = next(path for path in folder.parent.iterdir() if path != folder and path.is_dir())
    session = read_session(new)
    settings = session.settings
    assert (settings["persona"], settings["sampling"]["seed"], settings["origin"]) == ("hype", 7, "one")
    rounds = [event for event in session.events if event["type"] == "line"]
    assert (rounds[0]["start"], rounds[-1]["end"]) == (4.0, 10.0)
    windows.close()


@pytest.mark.timeout(180)
def test_it_is_stopped_by_closing_and_by_its_button(folder: Path, qtbot: QtBot) -> None:
    windows = LibraryWindows()
    windows.open_rerun(folder, 0.0)
    windows.open_rerun(folder, 0.0)
    stopped, closed = windows.reruns
    stopped.begin.click()
    qtbot.waitUntil(lambda: " of " in stopped.note.text(), timeout=120_000)
    stopped.begin.click()
    qtbot.waitUntil(lambda: not stopped.is_running, timeout=60_000)
    closed.begin.click()
    closed.close()
    assert not closed.is_running
    windows.close()


@pytest.mark.parametrize(
    ("field", "text", "said"),
    [("start", "x", "neither seconds"), ("start", "30", "ends before"), ("model", "no/such/model", "No model there")],
)
def test_what_cannot_be_is_said(folder: Path, qtbot: QtBot, field: str, text: str, said: str) -> None:
    windows = LibraryWindows()
    windows.open_rerun(folder, 0.0)
    (again,) = windows.reruns
    getattr(again, field).setText(text)
    again.begin.click()
    assert said in again.note.text()
    assert not again.is_running
    windows.close()
