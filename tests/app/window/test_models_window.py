"""The window of models: download with progress, cancel, resume, use, delete, and what a stream then gets."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.controllers.stream_builder import build_stream
from app.settings import Settings
from app.settings_file import SettingsFile
from app.window.models_window import ModelsWindow
from app.window.phase import Phase
from core.config import StreamConfig
from core.messages import Loading
from core.model.store import stored
from tests.app.scripted import Commentator, Pitch
from tests.hub_server import Hub, hub_on_this_machine, small_checkpoint


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    with hub_on_this_machine({"owner/model": {"main": small_checkpoint()}}, tmp_path / "cache", monkeypatch) as hub:
        yield hub


@pytest.fixture
def shown(qtbot, hub: Hub) -> Iterator[ModelsWindow]:
    window = ModelsWindow(Settings(models=("owner/model",)))
    window.show()
    qtbot.waitUntil(lambda: window.machine is not None)
    window.select("owner/model")
    yield window
    hub.hold.set()
    window.close()
    window.deleteLater()


def click(qtbot, button) -> None:
    assert button.isVisible()
    assert button.isEnabled()
    qtbot.mouseClick(button, Qt.MouseButton.LeftButton)


def test_a_model_is_downloaded_cancelled_resumed_used_and_deleted(shown: ModelsWindow, hub: Hub, qtbot) -> None:
    details = shown.details
    assert not details.use.isEnabled()
    hub.held_after = 700_000
    hub.hold.clear()
    click(qtbot, details.fetch)
    qtbot.waitUntil(details.progress.isVisible)
    assert "of 2.0 MB" in details.progress_text.text()
    assert "GB free" in details.progress_text.text()
    hub.wait_until_held()
    click(qtbot, details.cancel)
    hub.hold.set()
    qtbot.waitUntil(lambda: details.fetch.isVisible() and details.fetch.text() == "Go on")
    assert shown.banner.text().startswith("Download stopped")
    assert stored("owner/model").state == "incomplete"
    hub.asked.clear()
    said: list[Loading] = []
    shown.download.progressed.connect(said.append)
    click(qtbot, details.fetch)
    qtbot.waitUntil(lambda: details.use.isEnabled())
    assert 500_000 < said[0].done_bytes < said[-1].done_bytes == said[-1].total_bytes
    assert details.progress.value() == details.progress.maximum()
    assert any("bytes=" in asked and not asked.endswith("bytes=0-") for asked in hub.asked)  # not from the beginning
    with qtbot.waitSignal(shown.chosen) as chosen:
        click(qtbot, details.use)
    assert chosen.args == ["owner/model"]
    assert shown.current_settings(Settings()).model == "owner/model"
    assert not details.delete.isEnabled()  # in use
    shown.select("")
    click(qtbot, details.use)
    shown.select("owner/model")
    assert details.delete.isEnabled()
    shown.delete("owner/model")
    qtbot.waitUntil(lambda: details.fetch.isVisible() and details.fetch.text() == "Download")
    assert stored("owner/model").state == "absent"


def test_a_hub_that_refuses_is_a_banner(shown: ModelsWindow, hub: Hub, qtbot) -> None:
    hub.refuse["owner/model"] = 503
    click(qtbot, shown.details.fetch)
    qtbot.waitUntil(shown.banner.isVisible)
    assert shown.banner.text().startswith("The hub refuses\n")


def test_closing_the_window_ends_a_download(shown: ModelsWindow, hub: Hub, qtbot) -> None:
    hub.held_after = 700_000
    hub.hold.clear()
    click(qtbot, shown.details.fetch)
    hub.wait_until_held()
    shown.download.cancel()
    hub.hold.set()
    shown.close()
    assert stored("owner/model").state == "incomplete"


def test_a_folder_is_added_and_what_is_none_is_told(shown: ModelsWindow, tmp_path: Path, qtbot) -> None:
    shown.added.setText("no model at all")
    qtbot.keyClick(shown.added, Qt.Key.Key_Return)
    assert shown.banner.text().startswith("No model there")
    assert shown.added.text()
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "config.json").write_text("{}")
    shown.added.setText(str(folder))
    qtbot.keyClick(shown.added, Qt.Key.Key_Return)
    assert not shown.banner.isVisible()
    assert shown.details.title.text() == str(folder)
    assert "tokenizer.json is missing" in shown.details.lines.text()
    assert not shown.details.use.isEnabled()
    assert shown.current_settings(Settings()).models == ("owner/model", str(folder))


def test_the_next_start_runs_what_was_chosen(opened, qtbot, tmp_path: Path, monkeypatch, hub: Hub) -> None:
    heard: list[StreamConfig] = []
    monkeypatch.setattr(
        "app.controllers.stream_builder.supervised_host", lambda config, *_: heard.append(config) or Commentator()
    )
    monkeypatch.setattr("app.session.prepare.open_source", lambda spec, options: Pitch())
    folder = tmp_path / "mine"
    folder.mkdir()
    for name, data in small_checkpoint().items():
        if "/" not in name:
            (folder / name).write_bytes(data)
    courtside = opened(build_stream, Settings(source="camera", record=False, models=(str(folder),)))
    courtside.window.user_actions.show_models.trigger()
    window = courtside.models.window
    qtbot.waitUntil(lambda: window.machine is not None)
    window.select(str(folder))
    click(qtbot, window.details.use)
    fields = window.fields
    fields.dtype.setCurrentIndex(fields.dtype.findData("bfloat16"))
    for field, text in ((fields.fps, "4"), (fields.picture_size, "448x252"), (fields.window_s, "8")):
        qtbot.keyClicks(field, text)
    courtside.start()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    (config,) = heard
    assert (config.model, config.dtype, config.fps, config.size) == (str(folder), "bfloat16", 4, (448, 252))
    assert config.cache.vision_window_s == 8
    fields.picture_size.setText("448x")  # not whole yet
    window.close()
    courtside.close()
    kept = SettingsFile(tmp_path).load()[0]
    assert (kept.model, kept.fps, kept.size, kept.models) == (str(folder), 4, "", (str(folder),))
