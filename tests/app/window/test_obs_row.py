"""OBS is found by a button, with its scenes."""

from __future__ import annotations

import threading
from collections.abc import Iterator

import pytest
from pytestqt.qtbot import QtBot

from app.window.outputs_window import OutputsWindow
from tests.obs_peer import ANSWERS, ObsPeer

pytestmark = pytest.mark.usefixtures("virtual_screen")
SCENES = {"scenes": [{"sceneName": "Half time"}, {"sceneName": "Game"}, {"sceneName": "Scene"}]}


@pytest.fixture
def peer(monkeypatch: pytest.MonkeyPatch) -> Iterator[ObsPeer]:
    monkeypatch.setitem(ANSWERS, "GetSceneList", SCENES)
    monkeypatch.setitem(ANSWERS, "GetVersion", {"obsVersion": "31.0.0"})
    peer = ObsPeer()
    yield peer
    peer.close()


def test_its_scenes_are_listed_and_it_is_switched_on(peer: ObsPeer, qtbot: QtBot) -> None:
    window = OutputsWindow({"obs": {"url": peer.url, "on": False, "scene": "Game"}})
    qtbot.addWidget(window)
    row = window.obs
    with qtbot.waitSignal(row.found, timeout=5000):
        row.search.click()
    assert [row.scene.itemText(index) for index in range(row.scene.count())] == [
        "the scene on air", "Scene", "Game", "Half time",
    ]  # fmt: skip
    assert row.scene.currentData() == "Game"
    assert window.on["obs"].isChecked()
    assert window.note.text() == f"OBS 31.0.0 at {peer.url.removeprefix('ws://')}; “Scene” is on air."
    row.scene.setCurrentIndex(3)
    with qtbot.waitSignal(window.changed) as changed:
        row.scene.activated.emit(3)
    assert changed.args[0]["obs"] == {"url": peer.url, "on": True, "scene": "Half time", "shows": "text"}


def test_one_that_is_not_there_is_told_and_the_window_goes_on(qtbot: QtBot) -> None:
    window = OutputsWindow({})
    qtbot.addWidget(window)
    window.obs.url.setText("ws://127.0.0.1:9")
    window.obs.search.click()
    assert not window.obs.search.isEnabled()
    qtbot.waitUntil(window.obs.search.isEnabled, timeout=8000)
    assert window.note.text().startswith("OBS does not answer: 127.0.0.1:9")
    assert not window.on["obs"].isChecked()


def test_a_page_for_obs_must_be_served(qtbot: QtBot) -> None:
    window = OutputsWindow({"obs": {"url": "ws://127.0.0.1:9", "shows": "page"}})
    qtbot.addWidget(window)
    window.obs.shows.activated.emit(1)
    assert window.note.text() == "Switch the overlay page on, which OBS is to show."
    window.on["page"].click()
    assert window.note.text().startswith("What is changed here counts at once")
    assert window.tables()["obs"]["shows"] == "page"


def test_closed_while_it_looks_it_leaves_nothing_behind(qtbot: QtBot) -> None:
    window = OutputsWindow({})
    qtbot.addWidget(window)
    window.show()
    window.obs.url.setText("ws://127.0.0.1:9")
    window.obs.search.click()
    window.close()
    assert not [thread for thread in threading.enumerate() if thread.name == "OBS finder"]
