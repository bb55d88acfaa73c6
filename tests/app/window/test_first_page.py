"""The first page: what it found, what it suggests, and that it comes once."""

from __future__ import annotations

from pathlib import Path

import psutil
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication

from app.models.fit import Machine, suited
from app.settings import Settings
from app.settings_file import SettingsFile
from app.window.phase import Phase

GB = 10**9


def test_what_suits_is_what_is_live_here() -> None:
    assert suited(Machine("NVIDIA H100", 80 * GB, 500 * GB)).name == "mit-han-lab/StreamingVLM"
    assert suited(Machine("NVIDIA GeForce RTX 4070", 12 * GB, 32 * GB)).name == "Qwen/Qwen2.5-VL-3B-Instruct"
    assert suited(Machine("NVIDIA T400", 2 * GB, 32 * GB)).name == ""
    assert suited(Machine("", 0, 500 * GB)).name == ""


def test_it_comes_once_and_says_what_was_found(opened, qtbot, tmp_path: Path) -> None:
    courtside = opened(settings=Settings(source="camera"))
    courtside.models.open_first_page_once()
    qtbot.waitUntil(lambda: courtside.models.first_page is not None)
    page = courtside.models.first_page
    qtbot.waitUntil(lambda: page.suggestion is not None)
    texts = page.texts()
    assert {"GPU", "Memory", "Screens", "Screen capture", "Cameras", "Sound", "OBS"} <= set(texts)
    assert "1: 1280 x 720" in texts
    assert f"{psutil.virtual_memory().total / 1e9:.0f} GB" in texts
    qtbot.waitUntil(lambda: page.place.rects() != [] and page.place.rects()[0] in courtside.own_windows())
    courtside.close()
    assert SettingsFile(tmp_path).load()[0].first_page_seen
    again = opened()
    again.models.open_first_page_once()
    qtbot.wait(1700)
    assert again.models.first_page is None
    again.window.user_actions.show_first_page.trigger()
    assert again.models.first_page is not None


def test_it_opens_in_the_middle_of_the_window(opened, qtbot) -> None:
    courtside = opened(settings=Settings(source="camera"))
    window = courtside.window
    qtbot.waitUntil(lambda: QApplication.activeWindow() is window)
    window.user_actions.show_first_page.trigger()
    page = courtside.models.first_page
    qtbot.waitUntil(lambda: abs(page.geometry().center().x() - window.geometry().center().x()) <= 2)
    assert window.screen().availableGeometry().contains(page.geometry())


def test_the_bundled_model_starts_at_once_from_it(opened, qtbot) -> None:
    courtside = opened(settings=Settings(source="camera", model="owner/name"))
    courtside.window.user_actions.show_first_page.trigger()
    qtbot.mouseClick(courtside.models.first_page.bundled, Qt.MouseButton.LeftButton)
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    assert courtside.settings.model == ""
    assert courtside.models.first_page is None


def test_a_model_is_chosen_from_it(opened, qtbot) -> None:
    courtside = opened(settings=Settings(source="camera"))
    courtside.window.user_actions.show_first_page.trigger()
    qtbot.mouseClick(courtside.models.first_page.choose, Qt.MouseButton.LeftButton)
    assert courtside.models.window is not None
    assert courtside.models.window.isVisible()
