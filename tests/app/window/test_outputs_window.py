"""What is chosen for the outputs, and what is said about it."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.window.outputs_window import COUNTS, OutputsWindow
from tests.app.library.sessions import FIRST, record

pytestmark = pytest.mark.usefixtures("virtual_screen")


def test_videos_that_are_to_go(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(tmp_path))
    for number, days in enumerate((1, 20, 100)):
        video = record(tmp_path / str(number), FIRST, ["One."]) / "video.mkv"
        with video.open("wb") as file:
            file.truncate(6 * 10**9)
        os.utime(video, (time.time() - 86_400 * days,) * 2)
    window = OutputsWindow({"video": {"on": True}})
    qtbot.addWidget(window)
    told = {"video": {"on": True, "keep_days": 30.0, "keep_gb": 0.0, "sound": ""}}
    with qtbot.waitSignal(window.changed) as changed:
        window.kept.setCurrentIndex(window.kept.findData(30.0))
        window.kept.activated.emit(0)
    assert {name: table for name, table in changed.args[0].items() if name in told} == told
    assert window.note.text() == "The next recording deletes 1 older video (6.00 GB); what was said stays."
    window.kept_gb.setCurrentIndex(window.kept_gb.findData(10.0))
    window.kept_gb.activated.emit(0)
    assert "deletes 2 older videos (12.00 GB)" in window.note.text()
    window.on["video"].setChecked(False)
    assert window.note.text() == COUNTS
    assert len(list(tmp_path.glob("*/video.mkv"))) == 3


def test_a_chat_needs_a_channel_that_can_be_one(qtbot: QtBot) -> None:
    window = OutputsWindow({})
    qtbot.addWidget(window)
    window.on["chat"].setChecked(True)
    assert window.note.text() == "Name the channel first."
    assert "chat" not in window.tables()
    window.channel.setText("two words")
    window.channel.editingFinished.emit()
    assert window.note.text().startswith("Impossible chat: “two words” is no channel")
    window.channel.setText("some_body")
    with qtbot.waitSignal(window.changed) as changed:
        window.chat_context.setChecked(True)
    assert window.note.text() == COUNTS
    assert changed.args[0] == {"chat": {"channel": "some_body", "context": True, "on": True}}
    window.take({"chat": {"channel": "other", "on": False}})
    assert (window.channel.text(), window.chat_context.isChecked()) == ("other", False)
    assert not window.on["chat"].isChecked()


def test_settings_that_change_elsewhere_are_shown_and_tell_nobody(qtbot: QtBot) -> None:
    window = OutputsWindow({"video": {"on": True}})
    qtbot.addWidget(window)
    counts = [choice.count() for choice in (window.kept, window.kept_gb, window.sound)]
    with qtbot.assertNotEmitted(window.changed):
        window.take({"video": {"on": True, "keep_gb": 50.0, "sound": "desktop"}})
    assert [choice.count() for choice in (window.kept, window.kept_gb, window.sound)] == counts
    assert (window.kept_gb.currentData(), window.sound.currentData()) == (50.0, "desktop")
    assert window.tables()["video"]["sound"] == "desktop"
