"""The window of voices: what there is, and what is chosen."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from app.controllers.output_choices import OutputChoices
from app.outputs.flite_voice import VOICES
from app.outputs.speech import SpeechOptions
from app.outputs.voice_list import KNOWN
from app.settings import Settings
from app.window.voices_window import VoicesWindow
from tests.neural_voices import write_voice

pytestmark = pytest.mark.usefixtures("virtual_screen")


@pytest.fixture
def window(qtbot: QtBot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[VoicesWindow]:
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    made = VoicesWindow(SpeechOptions(), ())
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.list.count() == len(VOICES) + len(KNOWN))
    yield made
    made.close()


def test_each_says_whether_it_is_here(window: VoicesWindow) -> None:
    assert window.title.text() == "slt"
    assert "In use" in window.lines.text()
    assert not window.use.isEnabled()
    window.select(next(iter(KNOWN)))
    assert "To be downloaded" in window.lines.text()
    assert window.fetch.isVisible()
    assert not window.listen.isEnabled()


def test_a_folder_is_added_and_used(window: VoicesWindow, qtbot: QtBot, tmp_path: Path) -> None:
    pytest.importorskip("sherpa_onnx")
    folder = write_voice(tmp_path / "vits", "vits")
    window.added.setText(str(folder))
    with qtbot.waitSignal(window.added_changed) as added:
        window.added.returnPressed.emit()
    assert added.args == [(str(folder),)]
    assert f"Lies in {folder}" in window.lines.text()
    with qtbot.waitSignal(window.chosen) as chosen:
        window.use.click()
    assert chosen.args == [str(folder)]
    assert not window.use.isEnabled()
    window.added.setText(str(tmp_path))
    window.added.returnPressed.emit()
    assert "tokens.txt" in window.lines.text()
    assert not window.use.isEnabled()


def test_what_cannot_be_heard_is_said(window: VoicesWindow, qtbot: QtBot) -> None:
    window.take(SpeechOptions(device="no such device at all"))
    window.select("rms")
    with qtbot.waitSignal(window.sample.ended, timeout=60_000) as ended:
        window.listen.click()
    assert ended.args[0]
    assert window.banner.isVisible()


def test_it_is_opened_beside_the_outputs_and_its_choice_is_kept(qtbot: QtBot) -> None:
    choices = OutputChoices(Settings(outputs={"speech": {"voice": "slt", "speaker": 3, "on": True}}))
    choices.open()
    assert choices.window is not None
    choices.window.voices.click()
    assert choices.voices is not None
    choices.voices.chosen.emit("rms")
    choices.voices.added_changed.emit(("OWNER/NAME",))
    kept = choices.current_settings(Settings())
    assert (kept.outputs["speech"]["voice"], kept.outputs["speech"]["speaker"]) == ("rms", 0)
    assert kept.voices == ("OWNER/NAME",)
    assert choices.window.voice.currentData() == "rms"
    assert len(choices.rects()) <= 2
    choices.close()
    assert choices.voices is None
