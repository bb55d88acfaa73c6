"""The library and the player as a person uses them."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt
from pytestqt.qtbot import QtBot

from app.folders import set_sessions_folder
from app.library.library import Hit
from app.session.events import read_session
from app.session.small_pictures import SmallPictures
from app.window.hit_list import HitList, one_row, place_of
from app.window.library_window import LibraryWindow
from app.window.library_windows import LibraryWindows
from app.window.player_window import PlayerWindow
from app.window.session_table import Column
from tests.app.library.sessions import DAY_S, FIRST, record

pytestmark = pytest.mark.usefixtures("virtual_screen")


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "sessions"
    record(root / "one", FIRST, ["A fine goal by Keller!", "", "Saved by the keeper."])
    other = record(
        root / "two",
        FIRST + DAY_S,
        ["The own goal."],
        source="screen:1",
        name="screen:1",
        model="owner/big",
        persona="hype",
    )
    SmallPictures(other).add(np.zeros((9, 16, 3), np.uint8), 0.0)
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(root))
    return root


@pytest.fixture
def library(root: Path, qtbot: QtBot) -> Iterator[LibraryWindow]:
    window = LibraryWindow(root)
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.table.rowCount() == 2)
    yield window
    window.close()


def shown(window: LibraryWindow, column: Column) -> list[str]:
    return [window.table.index(row, column).data() for row in range(window.table.rowCount())]


def test_sessions_are_listed_and_filtered(library: LibraryWindow, qtbot: QtBot) -> None:
    assert shown(library, Column.TITLE) == ["screen:1", "arena:7"]
    assert shown(library, Column.PERSONA) == ["hype", ""]
    assert shown(library, Column.PICTURES) == ["1", ""]
    assert shown(library, Column.LINES) == ["1", "2"]
    library.filters.source.setCurrentText("arena:7")
    assert shown(library, Column.TITLE) == ["arena:7"]
    library.filters.source.setCurrentIndex(0)
    library.filters.model.setCurrentText("owner/big")
    assert shown(library, Column.TITLE) == ["screen:1"]
    library.filters.period.setCurrentText("Today")
    assert shown(library, Column.TITLE) == []


def test_what_is_typed_is_found_and_opened(library: LibraryWindow, root: Path, qtbot: QtBot) -> None:
    qtbot.keyClicks(library.filters.search, "goa")
    qtbot.waitUntil(lambda: library.hits.rowCount() == 2)
    assert library.note.text() == "2 found"
    hit = library.hits.hit(1)
    assert hit.text[slice(*hit.spans[0])] == "goal"
    with qtbot.waitSignal(library.session_chosen) as chosen:
        library.hit_view.activated.emit(library.hits.index(1, 0))
    assert chosen.args == [root / "one", 0.0]
    qtbot.keyClicks(library.filters.search, "zzz")
    qtbot.waitUntil(lambda: library.note.text() == "Nothing found")


def test_rename_tag_and_a_session_that_comes(library: LibraryWindow, root: Path, qtbot: QtBot) -> None:
    library.table_view.selectRow(1)
    library.rename("The friendly")
    qtbot.waitUntil(lambda: shown(library, Column.TITLE) == ["screen:1", "The friendly"])
    library.tag(["cup", "2026"])
    qtbot.waitUntil(lambda: shown(library, Column.TITLE)[1] == "The friendly #cup #2026")
    record(root / "three", FIRST + 2 * DAY_S, ["Late."])
    library.reread()
    qtbot.waitUntil(lambda: library.table.rowCount() == 3)
    assert library.chosen() is not None
    assert library.chosen().title == "The friendly"


def test_sessions_from_elsewhere_come_in(library: LibraryWindow, tmp_path: Path, qtbot: QtBot) -> None:
    record(tmp_path / "stick" / "three", FIRST + 2 * DAY_S, ["From another machine."], name="stick")
    library.import_from(tmp_path / "stick")
    qtbot.waitUntil(lambda: shown(library, Column.TITLE) == ["stick", "screen:1", "arena:7"])
    library.import_from(tmp_path / "nowhere")
    qtbot.waitUntil(lambda: "holds none" in library.note.text())


def test_two_sessions_side_by_side(library: LibraryWindow, root: Path, qtbot: QtBot) -> None:
    assert not library.compare.isEnabled()
    library.table_view.selectAll()
    with qtbot.waitSignal(library.comparison_chosen) as chosen:
        library.compare.click()
    assert chosen.args == [root / "one", root / "two"]
    windows = LibraryWindows()
    windows.open_comparison(*chosen.args)
    (window,) = windows.comparisons
    assert window.table.headerData(2, Qt.Orientation.Horizontal) == "screen:1  ·  owner/big  ·  hype"
    assert [window.table.index(0, column).data() for column in range(3)] == [
        "00:00",
        "A fine goal by Keller!",
        "The own goal.",
    ]
    assert window.summary.text() == "0 of 1 lines the same"
    first, second = window.time_lines
    first.moved.emit(0.4)
    assert second.at == pytest.approx(0.4)
    assert [index.row() for index in window.view.selectionModel().selectedRows()] == [0]
    windows.close()
    assert not windows.comparisons


def test_the_library_is_moved_and_opened_there(
    root: Path, tmp_path: Path, qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COURTSIDE_SESSIONS_DIR")
    monkeypatch.setenv("COURTSIDE_CONFIG_DIR", str(tmp_path / "config"))
    set_sessions_folder(root)
    windows = LibraryWindows()
    windows.open_library()
    windows.open_session(root / "one")
    assert windows.library is not None
    windows.library.move_wanted.emit(root / "inside")
    qtbot.waitUntil(lambda: windows.library is not None and "inside it" in windows.library.problem.text())
    windows.library.move_wanted.emit(tmp_path / "new")
    qtbot.waitUntil(lambda: windows.library is not None and windows.library.table.rowCount() == 2)
    assert not windows.players
    assert not root.exists()
    windows.open_session(tmp_path / "new" / "one")
    qtbot.waitUntil(lambda: windows.players[tmp_path / "new" / "one"].entries.rowCount() == 2)
    windows.close()


def test_the_trash_takes_none_that_is_recorded(library: LibraryWindow, root: Path) -> None:
    library.table_view.selectRow(1)
    with (root / "one" / "events.jsonl").open("ab"):
        library.trash()
    assert "being recorded" in library.note.text()
    assert (root / "one").exists()


def test_untrusted_words_stay_words() -> None:
    hits = HitList()
    hits.show_hits([Hit("f", "<b>t</b>", 0.0, "line", 3.0, "a\x1b[31m\nb 👩 goal", ((13, 17),))])
    text = hits.index(0).data()
    assert "<b>t</b>" in text
    assert one_row("a\x1b[31m\nb") == "a [31m b"
    assert place_of(hits.hit(0)) == "00:03  ·  <b>t</b>"


@pytest.fixture
def player(root: Path, qtbot: QtBot) -> Iterator[PlayerWindow]:
    with (root / "one" / "events.jsonl").open("a") as file:
        stats = {"type": "stats", "compute_s": 0.123, "kv_tokens": 456, "rss_bytes": 2_000_000_000}
        file.writelines(json.dumps({**stats, "round": number}) + "\n" for number in range(3))
        file.write(json.dumps({"type": "gap", "start": 3, "end": 5, "reason": "frames were dropped"}) + "\n")
        file.write("damaged\n")
    window = PlayerWindow(root / "one")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.entries.rowCount() == 2)
    yield window
    window.close()


def test_a_line_tells_what_its_round_cost(player: PlayerWindow, qtbot: QtBot) -> None:
    assert player.entries.rowCount() == 2
    player.view.setCurrentIndex(player.entries.index(1))
    assert player.time_line.at == 2.0
    told = player.round.details.text().splitlines()
    assert told[0] == "line at 00:02"
    assert "tokens in the cache 456" in told
    assert "memory of the engine 2.00 GB" in told
    assert "events.jsonl, line 9, is damaged" in player.problem.text()


def test_the_time_line_leads_to_the_line(player: PlayerWindow, qtbot: QtBot) -> None:
    line = player.time_line
    x = round(line.place_of(2.5))
    qtbot.mouseClick(line, Qt.MouseButton.LeftButton, pos=line.rect().center().__class__(x, 30))
    assert line.at == pytest.approx(2.5, abs=0.05)
    assert player.chosen().text == "Saved by the keeper."
    qtbot.keyClick(line, Qt.Key.Key_Left)
    assert line.at == pytest.approx(1.5, abs=0.05)
    assert player.chosen().text == "A fine goal by Keller!"


def test_marks_notes_and_corrections_are_kept(player: PlayerWindow, qtbot: QtBot) -> None:
    player.go_to(2.0)
    player.mark("here")
    player.note("why?")
    player.correct("Held by the keeper.")
    session = read_session(player.folder)
    assert [(note["type"], note.get("at")) for note in session.annotations] == [
        ("mark", 2.0),
        ("note", 2.0),
        ("correction", 2.0),
    ]
    qtbot.waitUntil(lambda: player.entries.rowCount() == 4)
    entries = [player.entries.entry(number) for number in range(player.entries.rowCount())]
    assert [entry.kind for entry in entries] == ["line", "line", "mark", "note"]
    assert (entries[1].text, entries[1].said) == ("Held by the keeper.", "Saved by the keeper.")


def test_windows_are_opened_once_and_masked(root: Path, qtbot: QtBot) -> None:
    windows = LibraryWindows()
    windows.open_library()
    windows.open_library()
    assert windows.library is not None
    qtbot.waitUntil(lambda: windows.library.table.rowCount() == 2)
    windows.library.session_chosen.emit(root / "one", 2.0)
    windows.open_session(root / "one", 0.0)
    qtbot.waitUntil(lambda: len(windows.rects()) == 2)
    assert list(windows.players) == [root / "one"]
    windows.close()
    qtbot.waitUntil(lambda: not windows.rects())
    assert windows.library is None


@pytest.mark.parametrize("data", [b"", b"\0" * 5000, b'{"type":"settings","version":9}\n{"type":"x"}\n'])
def test_odd_sessions_can_be_opened(root: Path, qtbot: QtBot, data: bytes) -> None:
    (root / "one" / "events.jsonl").write_bytes(data)
    window = PlayerWindow(root / "one")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.summary.text() != "Reading…")
    window.mark()
    assert [note["type"] for note in read_session(root / "one").annotations] == ["mark"]
    window.close()


def test_a_session_that_has_gone_is_said(root: Path, qtbot: QtBot) -> None:
    window = PlayerWindow(root / "none")
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.problem.text().startswith("No such session"))
    window.close()
