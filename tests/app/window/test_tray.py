"""The icon in a real tray, and what its menu does."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Iterator

import pytest
from PySide6.QtGui import QIcon
from PySide6.QtWidgets import QWidget

from app.window.actions import Actions
from app.window.phase import Phase
from app.window.tray import Tray
from core.assets import ICON
from tests.waiting import until

PATIENCE_S = 10.0


@pytest.fixture
def tray_window(virtual_screen) -> Iterator[None]:
    """A desktop with a place for icons."""
    if shutil.which("trayer") is None:
        pytest.skip("no trayer here (apt install trayer)")
    size = ["--widthtype", "pixel", "--width", "200", "--heighttype", "pixel", "--height", "48"]
    words = ["trayer", "--edge", "top", "--align", "left", *size]
    process = subprocess.Popen(words, env=virtual_screen.environment(), stderr=subprocess.DEVNULL)
    try:
        until(lambda: virtual_screen.owner("_NET_SYSTEM_TRAY_S0"), "trayer did not start")
        yield
    finally:
        process.terminate()
        process.wait(PATIENCE_S)


def test_a_click_on_the_icon_brings_the_window_to_the_front(tray_window, qtbot, virtual_screen) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)
    tray = Tray(Actions(parent), QIcon(str(ICON)), parent)
    heard: list[bool] = []
    tray.wanted.connect(lambda: heard.append(True))

    def clicked() -> bool:
        virtual_screen.click(12, 24)
        qtbot.wait(100)
        return bool(heard)

    qtbot.waitUntil(clicked)
    tray.close()
    qtbot.wait(50)


def test_its_menu_has_the_actions_of_the_window(opened, qtbot) -> None:
    courtside = opened()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE and courtside.outside.tray is not None)
    menu = courtside.outside.tray.menu
    entries = {action.text(): action for action in menu.actions() if not action.isSeparator()}
    assert list(entries) == ["Open Courtside", "Start", "Stop", "Pause", "Show", "Hide", "Panic", "Library", "Quit"]
    assert not entries["Start"].isEnabled()
    entries["Pause"].trigger()
    assert courtside.window.phase is Phase.PAUSED
    assert "Resume" in [action.text() for action in menu.actions()]
    entries["Panic"].trigger()
    assert not courtside.overlay.isVisible()
