"""Outputs are switched on in a window, while a stream runs and for the next one."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QPushButton
from pytestqt.qtbot import QtBot

from app.bridge.stream import Stream
from app.controllers.output_choices import OutputChoices
from app.outputs.chosen_outputs import ChosenOutputs
from app.outputs.obs import ObsOptions
from app.outputs.output_kind import StreamRun
from app.outputs.page_options import PageOptions
from app.outputs.page_token import page_token
from app.outputs.speech import SpeechOptions
from app.outputs.text_file import TextFileOptions
from app.outputs.video_options import VideoOptions
from app.settings import Settings, output_options
from app.settings_file import SettingsFile
from app.window.outputs_window import OutputsWindow
from core.config import StreamConfig
from tests.app.scripted import Commentator, Pitch

pytestmark = pytest.mark.usefixtures("virtual_screen")
BEFORE = Settings(outputs={"text_file": {"path": "old.txt", "lines": 4, "on": False}, "page": {"port": 5000}})


@pytest.fixture
def choices(qtbot: QtBot) -> Iterator[OutputChoices]:
    choices = OutputChoices(BEFORE)
    choices.open()
    qtbot.waitExposed(choices.window)
    yield choices
    choices.close()


def window_of(choices: OutputChoices) -> OutputsWindow:
    assert choices.window is not None
    return choices.window


def test_it_shows_what_was_chosen(choices: OutputChoices) -> None:
    window = window_of(choices)
    assert [name for name, box in window.on.items() if box.isChecked()] == ["page"]
    assert window.path.text() == "old.txt"
    assert window.address.text() == f"http://127.0.0.1:5000/{page_token()}/"
    assert choices.rects()


def test_what_is_chosen_is_in_the_settings_and_the_rest_stays(
    choices: OutputChoices, qtbot: QtBot, tmp_path: Path
) -> None:
    window = window_of(choices)
    assert choices.current_settings(BEFORE) == BEFORE
    for name in ("video", "text_file", "obs", "speech", "page"):
        window.on[name].click()
    window.kept.setCurrentIndex(2)
    window.kept.activated.emit(2)
    window.path.setText(str(tmp_path / "now.txt"))
    window.obs.url.setText("ws://:s3cret@127.0.0.1:4455/Game")
    window.device.setText("headset")
    qtbot.keyClick(window.device, Qt.Key.Key_Return)
    file = SettingsFile(tmp_path)
    file.save(choices.current_settings(BEFORE))
    kept, note = file.load()
    assert note == ""
    assert output_options(kept, "text_file", TextFileOptions) == TextFileOptions(str(tmp_path / "now.txt"), lines=4)
    assert output_options(kept, "video", VideoOptions) == VideoOptions(keep_days=30)
    assert output_options(kept, "page", PageOptions) == PageOptions(5000, on=False)
    assert output_options(kept, "obs", ObsOptions) == ObsOptions("ws://:s3cret@127.0.0.1:4455/Game")
    assert output_options(kept, "speech", SpeechOptions) == SpeechOptions(device="headset")


def test_what_is_missing_or_wrong_is_said(choices: OutputChoices, qtbot: QtBot) -> None:
    window = window_of(choices)
    window.path.clear()
    window.on["text_file"].click()
    assert window.note.text() == "Choose the text file first."
    window.on["text_file"].click()
    window.obs.url.setText("localhost")
    qtbot.keyClick(window.obs.url, Qt.Key.Key_Return)
    assert window.note.text().startswith("Unknown address of OBS")


def test_the_pages_address_is_copied(choices: OutputChoices, qtbot: QtBot) -> None:
    window = window_of(choices)
    (copy,) = [found for found in window.findChildren(QPushButton) if found.text() == "Copy"]
    copy.click()
    assert QGuiApplication.clipboard().text() == window.address.text()


def test_closed_it_is_forgotten_and_opens_with_what_was_chosen(choices: OutputChoices) -> None:
    window_of(choices).on["speech"].click()
    choices.close()
    assert choices.window is None
    assert choices.rects() == []
    choices.open()
    assert window_of(choices).on["speech"].isChecked()


def test_a_stream_that_runs_has_them_at_once(opened, qtbot: QtBot, tmp_path: Path) -> None:
    path = tmp_path / "live.txt"

    def build(settings: Settings, exclusions: object, outputs: ChosenOutputs) -> Stream:
        config = StreamConfig(fps=10, chunk_s=0.5)
        outputs.open(settings, StreamRun("arena", "arena", config, outputs.handle, lambda line: None))
        return Stream(Pitch(), Commentator(), config, on_message=outputs.handle)

    courtside = opened(build, Settings(source="arena", record=False))
    courtside.outputs.open()
    qtbot.waitUntil(lambda: courtside.window.transcript.rowCount() > 0)
    window = window_of(courtside.outputs)
    window.path.setText(str(path))
    window.on["text_file"].click()
    qtbot.waitUntil(lambda: path.is_file() and path.read_text() != "")
    window.on["text_file"].click()
    qtbot.waitUntil(lambda: path.read_text() == "")
    rows = courtside.window.transcript.rowCount()
    qtbot.waitUntil(lambda: courtside.window.transcript.rowCount() > rows)
    assert path.read_text() == ""
