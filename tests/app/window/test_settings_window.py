"""The window of settings by itself, and every change of it in the whole application, live."""

from __future__ import annotations

import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QCheckBox, QLabel, QLineEdit

from app import theme
from app.bridge.stream import Stream
from app.colours import Look
from app.main import Courtside
from app.setting_list import setting_list
from app.settings import Settings
from app.settings_file import SettingsFile
from app.window.combo_box import ComboBox
from app.window.phase import Phase
from app.window.settings_window import SettingsWindow
from core.config import StreamConfig
from core.messages import Adjust, LimitMemory, Steer
from tests.app.scripted import Commentator, Pitch


class Kept:
    """The settings of now, as whoever owns them would change them."""

    def __init__(self, window_of: Settings) -> None:
        self.now = window_of

    def take(self, settings: Settings) -> None:
        self.now = settings


@pytest.fixture
def kept() -> Kept:
    return Kept(Settings(words_per_minute=60))


@pytest.fixture
def window(qapp, qtbot, kept: Kept, tmp_path: Path) -> Iterator[SettingsWindow]:
    made = SettingsWindow(lambda: kept.now, tmp_path / "settings.toml")
    made.changed.connect(kept.take)
    made.bring_to_front()
    qtbot.waitUntil(lambda: made.windowHandle().isExposed())
    qtbot.waitUntil(made.isActiveWindow)
    yield made
    made.close()
    made.deleteLater()


def shown(window: SettingsWindow) -> set[tuple[str, ...]]:
    return {path for path, row in window.rows.items() if row.isVisible()}


def test_every_setting_has_a_row_with_its_words(window: SettingsWindow) -> None:
    assert list(window.rows) == [s.path for s in sorted(setting_list(), key=lambda s: list(window.rows).index(s.path))]
    assert len(window.rows) == len(setting_list())
    for row in window.rows.values():
        assert row.field.accessibleName()
        assert row.field.accessibleDescription()
        assert row.reset.accessibleName() != "Reset"


def test_words_find_rows_wherever_they_stand(window: SettingsWindow, qtbot) -> None:
    window.search.setFocus()
    qtbot.keyClicks(window.search, "words minute")
    assert shown(window) == {("words_per_minute",)}
    window.search.setText("OPACITY")
    assert shown(window) == {("captions", "opacity")}
    window.search.setText("keep_days")  # as in the file
    assert shown(window) == {("outputs", "video", "keep_days")}
    window.search.setText("nothing of the kind")
    assert shown(window) == set()
    assert next(part.text() for part in window.findChildren(QLabel) if part.isVisible()).startswith("No setting")
    qtbot.keyClick(window.search, Qt.Key.Key_Escape)
    assert len(shown(window)) == len(window.rows)
    qtbot.keyClick(window.search, Qt.Key.Key_Escape)
    assert not window.isVisible()


def test_enter_goes_to_the_first_that_was_found(window: SettingsWindow, qtbot) -> None:
    qtbot.keyClick(window, Qt.Key.Key_F, Qt.KeyboardModifier.ControlModifier)
    qtbot.keyClicks(window.search, "theme")
    qtbot.keyClick(window.search, Qt.Key.Key_Return)
    row = window.rows["theme",]
    assert row.field.hasFocus()
    qtbot.keyClick(row.field, Qt.Key.Key_Down)  # a list by the keyboard
    assert isinstance(row.field, ComboBox)
    assert row.field.currentData() == "light"


def test_a_value_is_changed_and_reset(window: SettingsWindow, kept: Kept, qtbot) -> None:
    row = window.rows["words_per_minute",]
    assert isinstance(row.field, QLineEdit)
    assert row.field.text() == "60"
    row.field.setFocus()
    row.field.selectAll()
    qtbot.keyClicks(row.field, "90")
    qtbot.keyClick(row.field, Qt.Key.Key_Return)
    assert kept.now.words_per_minute == 90
    qtbot.mouseClick(row.reset, Qt.MouseButton.LeftButton)
    assert kept.now.words_per_minute is None
    assert row.field.text() == ""
    assert not row.reset.isEnabled()


def test_what_makes_no_sense_is_told_and_changes_nothing(window: SettingsWindow, kept: Kept, qtbot) -> None:
    row = window.rows["fps",]
    assert isinstance(row.field, QLineEdit)
    for text, told in (("many", "not a number"), ("99", "<= 60")):
        row.field.setText(text)
        row.field.setFocus()
        qtbot.keyClick(row.field, Qt.Key.Key_Return)
        assert told in row.problem.text()
        assert row.problem.isVisible()
    assert kept.now.fps is None
    assert row.field.text() == "99"


def test_a_box_counts_at_once(window: SettingsWindow, kept: Kept) -> None:
    field = window.rows["record",].field
    assert isinstance(field, QCheckBox)
    field.click()
    assert kept.now.record is False


def test_lines_count_once_they_are_left(window: SettingsWindow, kept: Kept, qtbot) -> None:
    row = window.rows["ignore_titles",]
    row.field.setFocus()
    row.field.setPlainText("Bank*\n\nMail")
    assert kept.now.ignore_titles == Settings().ignore_titles
    qtbot.keyClick(row.field, Qt.Key.Key_Tab)
    assert kept.now.ignore_titles == ("Bank*", "Mail")


def test_it_follows_what_is_changed_elsewhere(window: SettingsWindow, kept: Kept, qtbot) -> None:
    kept.take(Settings(captions={"lines": 2}))
    window.refresh()
    assert window.rows["captions", "lines"].field.text() == "2"


# In the whole application


@pytest.fixture
def host() -> Commentator:
    return Commentator()


@pytest.fixture
def running(opened, qtbot, host: Commentator, qapp) -> Iterator[Courtside]:
    config = StreamConfig(fps=10, chunk_s=0.2)
    courtside = opened(lambda _, __, outputs: Stream(Pitch(), host, config, on_message=outputs.handle))
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    courtside.window.user_actions.show_settings.trigger()
    qtbot.waitUntil(lambda: courtside.preferences.window is not None)
    yield courtside
    theme.apply(qapp)


def change(courtside: Courtside, *path: str, to: object) -> None:
    """As the row of that setting asks for it."""
    window = courtside.preferences.window
    assert window is not None
    row = window.rows[path]
    row.chosen.emit(row.setting, to)
    assert not row.problem.isVisible(), row.problem.text()


def test_changes_reach_a_stream_that_runs(running: Courtside, host: Commentator, qtbot) -> None:
    change(running, "query", to="Be brief")
    change(running, "words_per_minute", to=45.0)
    change(running, "memory_limit_mb", to=900)
    assert running.window.commentator.words.currentText() == "45 words a minute"
    wanted = [Steer("Be brief", None), Adjust({"words_per_minute": 45.0}), LimitMemory(900_000_000)]
    qtbot.waitUntil(lambda: all(command in host.heard for command in wanted))


def test_changes_of_the_look_are_seen_at_once(running: Courtside) -> None:
    change(running, "theme", to="light")
    assert theme.look() is Look.LIGHT
    change(running, "contrast", to="high")
    assert theme.look() is Look.LIGHT_CONTRAST
    change(running, "motion", to="reduced")
    assert running.overlay.captions.still
    change(running, "captions", "lines", to=2)
    assert running.overlay.caption_style.lines == 2
    change(running, "captions", "lines", to=5)
    assert running.overlay.caption_style.lines == 5


def test_changes_are_kept_at_once_and_the_window_tells_where(running: Courtside, tmp_path: Path) -> None:
    change(running, "outputs", "speech", "rate", to=1.2)
    change(running, "keys", "mark", to="Ctrl+Alt+D")
    written = tomllib.loads((tmp_path / "settings.toml").read_text("utf-8"))
    assert written["outputs"] == {"speech": {"on": False, "rate": 1.2}}
    assert written["keys"] == {"mark": "Ctrl+Alt+D"}
    assert SettingsFile(tmp_path).load()[0].outputs == written["outputs"]
    window = running.preferences.window
    assert window is not None
    assert str(tmp_path / "settings.toml") in [part.text() for part in window.findChildren(QLabel)]


def test_two_windows_of_the_same_setting_agree(running: Courtside) -> None:
    running.models.open()
    running.outputs.open()
    change(running, "fps", to=4.0)
    change(running, "outputs", "page", "on", to=True)
    assert running.models.window is not None
    assert running.models.window.fields.fps.text() == "4"
    assert running.outputs.window is not None
    assert running.outputs.window.on["page"].isChecked()
    running.outputs.window.on["page"].click()
    window = running.preferences.window
    assert window is not None
    window.refresh()
    assert not window.rows["outputs", "page", "on"].field.isChecked()
    assert running.preferences.current().fps == 4.0


def test_a_persona_that_is_none_is_told(running: Courtside) -> None:
    change(running, "persona", to="nobody-at-all")
    assert "nobody-at-all" in running.window.banner.text()
    assert running.preferences.current().persona == ""
