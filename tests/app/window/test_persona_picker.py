"""A persona chosen in the window: what the stream that runs is told, and what is kept."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.bridge.stream import Stream
from app.controllers.stream_builder import build_stream
from app.personas.folders import find_persona, own_folder
from app.settings import Settings
from app.settings_file import SettingsFile
from app.window.phase import Phase
from core.config import QUERY, StreamConfig
from core.errors import UsageError
from core.messages import Adjust, Steer
from tests.app.scripted import Commentator, Pitch


def with_host(host: Commentator, **about):
    config = StreamConfig(fps=10, chunk_s=0.2)
    return lambda _, __, outputs: Stream(Pitch(), host, config, on_message=outputs.handle, **about)


def pick(panel, name: str) -> None:
    """As a person does, with the keyboard."""
    panel.persona.names.setCurrentIndex(panel.persona.names.findData(name))
    panel.persona.names.activated.emit(panel.persona.names.currentIndex())


def test_a_persona_chosen_live_counts_from_the_next_round_on(opened, qtbot) -> None:
    host = Commentator()
    courtside = opened(with_host(host, source_context="A v B"), Settings(model="owner/name", source="camera"))
    panel = courtside.window.commentator
    panel.set_open(True)
    panel.context.setPlainText("Cup final")
    courtside.start()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    pick(panel, "hype")
    hype = find_persona("hype")
    context = f"A v B\n{hype.context('Cup final')}"
    assert host.heard == [Steer(hype.file.query, context, "hype"), Adjust(hype.limits())]
    assert panel.words.currentData() == hype.file.words_per_minute
    assert panel.query.placeholderText() == hype.file.query
    assert not panel.apply.isVisible()
    assert courtside.outside.steering.perform("status")["persona"] == "hype"
    pick(panel, "")
    assert host.heard[2:] == [Steer(QUERY, "A v B\nCup final", ""), Adjust({"bad_words": ()})]


def test_from_outside_it_is_chosen_too_and_an_unknown_one_is_told(opened, qtbot) -> None:
    host = Commentator()
    courtside = opened(with_host(host))
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    assert courtside.outside.steering.perform("persona", "deadpan") == {"said": "deadpan speaks"}
    assert courtside.window.commentator.persona.name() == "deadpan"
    assert [type(command) for command in host.heard] == [Steer, Adjust]
    with pytest.raises(UsageError, match="none of: colour-analyst"):
        courtside.outside.steering.perform("persona", "nobody")
    assert courtside.window.commentator.persona.name() == "deadpan"


def test_the_choice_is_kept_and_recorded(opened, qtbot, tmp_path: Path, monkeypatch) -> None:
    heard: list[StreamConfig] = []
    monkeypatch.setattr(
        "app.controllers.stream_builder.supervised_host", lambda config, *_: heard.append(config) or Commentator()
    )
    monkeypatch.setattr("app.session.prepare.open_source", lambda spec, options: Pitch())
    courtside = opened(build_stream, Settings(persona="hype", context="Cup final"))
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    pick(courtside.window.commentator, "deadpan")
    courtside.close()
    assert SettingsFile(tmp_path).load()[0].persona == "deadpan"
    assert (heard[0].persona, heard[0].query) == ("hype", QUERY)  # the bundled model speaks
    assert "in this video" in heard[0].sampling.bad_words
    assert heard[0].context == "Harbour (orange) v Union (blue)\nCup final"
    (events,) = (tmp_path / "sessions").glob("*/events.jsonl")
    records = [json.loads(line) for line in events.read_text().splitlines()]
    assert records[0]["persona"] == "hype"
    assert [record["persona"] for record in records if record["type"] == "steer"] == ["deadpan"]


def test_a_broken_file_is_a_banner_and_the_one_before_stays(opened, qtbot) -> None:
    courtside = opened(settings=Settings(source="camera", persona="hype"))
    own_folder().mkdir(parents=True)
    (own_folder() / "deadpan.toml").write_text("style = ")
    panel = courtside.window.commentator
    panel.set_open(True)
    pick(panel, "deadpan")
    assert courtside.window.banner.text().startswith("Impossible persona\n")
    assert "deadpan.toml" in courtside.window.banner.text()
    assert panel.persona.name() == "hype"


def test_edit_opens_ones_own_copy(opened, qtbot, monkeypatch) -> None:
    opened_urls: list[str] = []
    monkeypatch.setattr(
        "app.window.persona_picker.QDesktopServices.openUrl",
        lambda url: opened_urls.append(url.toLocalFile()) or True,
    )
    courtside = opened(settings=Settings(source="camera", persona="hype"))
    courtside.window.commentator.set_open(True)
    qtbot.mouseClick(courtside.window.commentator.persona.edit, Qt.MouseButton.LeftButton)
    assert opened_urls == [str(own_folder() / "hype.toml")]
    assert (own_folder() / "hype.toml").is_file()
