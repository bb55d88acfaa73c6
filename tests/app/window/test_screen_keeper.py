"""The window on screens that are smaller than it was, that shrink, and that go. Two monitors by xrandr."""

from __future__ import annotations

import shutil
import subprocess
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QRect
from PySide6.QtGui import QGuiApplication

from app.settings import Settings
from app.window.main_window import MainWindow

pytestmark = pytest.mark.skipif(shutil.which("xrandr") is None, reason="needs xrandr")

Split = Callable[[int], None]


@pytest.fixture
def split(virtual_screen, qapp, qtbot) -> Iterator[Split]:
    """Makes two monitors of the screen, the left one so many pixels wide."""

    def xrandr(*words: str) -> None:
        subprocess.run(["xrandr", *words], check=True, env=virtual_screen.environment())

    def screens() -> int:
        return len(QGuiApplication.screens())

    def make(width: int) -> None:
        for monitor in reversed(_monitors(virtual_screen.environment())):
            xrandr("--delmonitor", monitor)
        rest = virtual_screen.width - width
        xrandr("--setmonitor", "left", f"{width}/300x{virtual_screen.height}/190+0+0", "screen")
        xrandr("--setmonitor", "right", f"{rest}/300x{virtual_screen.height}/190+{width}+0", "none")
        qtbot.waitUntil(lambda: {screen.size().width() for screen in QGuiApplication.screens()} == {width, rest})

    yield make
    while monitors := _monitors(virtual_screen.environment()):
        xrandr("--delmonitor", monitors[-1])
    qtbot.waitUntil(lambda: screens() == 1 and QGuiApplication.primaryScreen().size().width() == virtual_screen.width)


def _monitors(environment: dict[str, str]) -> list[str]:
    """Those that were made here."""
    done = subprocess.run(["xrandr", "--listmonitors"], capture_output=True, text=True, check=True, env=environment)
    return [name for name in ("left", "right") if f" {name} " in done.stdout]


def shown(qtbot, rect: tuple[int, int, int, int]) -> MainWindow:
    window = MainWindow(Settings(window_rect=rect))
    qtbot.addWidget(window)
    window.show()
    qtbot.waitUntil(lambda: window.windowHandle().isExposed())
    return window


def is_whole(window: MainWindow) -> bool:
    frame = window.frameGeometry()
    return any(screen.availableGeometry().contains(frame) for screen in QGuiApplication.screens())


def test_a_window_from_a_larger_screen_is_restored_whole(qapp, qtbot) -> None:
    window = shown(qtbot, (300, 200, 1800, 1000))
    qtbot.waitUntil(lambda: is_whole(window))
    assert window.width() > 1200


def test_a_window_is_restored_on_the_monitor_it_was_on(split: Split, qtbot) -> None:
    split(640)
    window = shown(qtbot, (700, 100, 900, 900))
    qtbot.waitUntil(lambda: is_whole(window))
    assert window.frameGeometry().left() >= 640


def test_a_window_comes_along_when_its_monitor_goes_and_stays_whole(split: Split, virtual_screen, qtbot) -> None:
    split(600)
    window = shown(qtbot, (620, 100, 640, 560))
    qtbot.waitUntil(lambda: is_whole(window))
    assert QGuiApplication.screens()[0].geometry() == QRect(0, 0, 600, 720)
    subprocess.run(["xrandr", "--delmonitor", "right"], check=True, env=virtual_screen.environment())
    qtbot.waitUntil(lambda: len(QGuiApplication.screens()) == 1)
    qtbot.waitUntil(lambda: is_whole(window))
    assert window.frameGeometry().right() < 600


@pytest.fixture
def resize(virtual_screen, qapp, qtbot) -> Iterator[Callable[[int, int], None]]:
    """Gives the screen another mode."""

    def xrandr(*words: str) -> None:
        subprocess.run(["xrandr", *words], check=True, env=virtual_screen.environment())

    def set_mode(width: int, height: int) -> None:
        xrandr("--output", "screen", "--mode", f"{width}x{height}")
        qtbot.waitUntil(lambda: QGuiApplication.primaryScreen().size().width() == width)

    xrandr("--newmode", "800x600", *["0", "800", "0", "0", "800", "600", "0", "0", "600"])
    xrandr("--addmode", "screen", "800x600")
    yield set_mode
    set_mode(virtual_screen.width, virtual_screen.height)
    xrandr("--delmode", "screen", "800x600")
    xrandr("--rmmode", "800x600")


def test_a_window_shrinks_with_its_screen(resize: Callable[[int, int], None], qtbot) -> None:
    window = shown(qtbot, (200, 60, 1060, 640))
    qtbot.waitUntil(lambda: is_whole(window))
    resize(800, 600)
    qtbot.waitUntil(lambda: is_whole(window) and window.frameGeometry().right() < 800)


def test_a_maximised_window_is_left_alone(split: Split, qtbot) -> None:
    window = shown(qtbot, (10, 60, 960, 600))
    window.showMaximized()
    qtbot.waitUntil(window.isMaximized)
    split(640)
    qtbot.wait(600)
    assert window.isMaximized()
