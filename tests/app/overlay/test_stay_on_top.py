"""The captions over real full-screen programs, and clicks through them afterwards."""

from __future__ import annotations

import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import closing, suppress
from typing import Any

import pytest
from PySide6.QtCore import QRect

from app.overlay.band import CaptionBand
from app.overlay.place import WindowPlace
from core.messages import Line

WITHIN_S = 0.5

SLIDES = """
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication([])
slide = QLabel("A slide")
slide.setWindowTitle("Slides")
slide.setWindowFlag(Qt.WindowType.WindowStaysOnTopHint)
slide.setStyleSheet("background: #ffffff")
slide.showFullScreen()
slide.raise_()
slide.activateWindow()
application.exec()
"""
TOPPED = """
import time
from Xlib import X
from Xlib.display import Display
display = Display()
screen = display.screen()
window = screen.root.create_window(0, 0, 1280, 720, 0, screen.root_depth, X.InputOutput, override_redirect=True)
window.set_wm_name("Topped")
window.map()
for _ in range(3):
    window.raise_window()
    display.sync()
    time.sleep(0.4)
time.sleep(60)
"""


@pytest.fixture
def band(qapp: Any, qtbot: Any) -> Iterator[CaptionBand]:
    made = CaptionBand(WindowPlace())
    made.show()
    qtbot.waitUntil(lambda: made.windowHandle().isExposed())
    made.finish(Line(0, 0.0, 1.0, "and they break down the left", 0.0, 0.1))
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def started(virtual_screen: Any) -> Iterator[Callable[..., None]]:
    processes: list[subprocess.Popen[bytes]] = []
    quiet = subprocess.DEVNULL

    def start(*command: str) -> None:
        processes.append(subprocess.Popen(command, env=virtual_screen.environment(), stdout=quiet, stderr=quiet))

    yield start
    for process in processes:
        process.terminate()
        process.wait(10)


def titled(window: Any, title: str, depth: int) -> bool:
    """Whether it, or a window in it, can be seen and has that title."""
    from Xlib import X, error

    with suppress(error.XError):
        name = window.get_wm_name()
        if isinstance(name, str) and title in name:
            return bool(window.get_attributes().map_state == X.IsViewable)
        return depth > 0 and any(titled(child, title, depth - 1) for child in window.query_tree().children)
    return False


def places(screen: Any, band: CaptionBand, title: str) -> tuple[int, int]:
    """In one stacking order: of the window of that title, -1 while it is not seen, and of the band."""
    from Xlib.display import Display

    with closing(Display(screen.display)) as display:
        tops = display.screen().root.query_tree().children
        ours = next((place for place, top in enumerate(tops) if top.id == int(band.winId())), -1)
        return next((place for place, top in enumerate(tops) if titled(top, title, 2)), -1), ours


def longest_covered(screen: Any, band: CaptionBand, title: str, qtbot: Any, watch_s: float = 2.5) -> float:
    """Seconds for which the band was covered at a stretch, from when the program was first seen."""
    qtbot.waitUntil(lambda: places(screen, band, title)[0] >= 0, timeout=30_000)
    end = time.monotonic() + watch_s
    longest = 0.0
    since = None
    while time.monotonic() < end:
        theirs, ours = places(screen, band, title)
        now = time.monotonic()
        since = (since or now) if theirs > ours else None
        longest = max(longest, now - since if since else 0.0)
        qtbot.wait(20)
    assert theirs < ours
    return longest


GEARS = pytest.mark.skipif(shutil.which("glxgears") is None, reason="needs glxgears (Debian: mesa-utils)")
PROGRAMS = [
    pytest.param("glxgears", ("glxgears", "-fullscreen"), marks=GEARS, id="OpenGL full screen"),
    pytest.param("Slides", (sys.executable, "-c", SLIDES), id="slide show on top"),
    pytest.param("Topped", (sys.executable, "-c", TOPPED), id="raises itself again and again"),
]


@pytest.mark.parametrize(("title", "command"), PROGRAMS)
def test_it_is_over_a_full_screen_program_within_half_a_second(
    band: CaptionBand, started: Any, virtual_screen: Any, qtbot: Any, title: str, command: tuple[str, ...]
) -> None:
    started(*command)
    assert longest_covered(virtual_screen, band, title, qtbot) < WITHIN_S
    assert band.on_top.raised >= (title == "Topped")  # openbox keeps those that it manages below


def test_where_nothing_changes_it_is_raised_no_more(
    band: CaptionBand, started: Any, virtual_screen: Any, qtbot: Any
) -> None:
    started(sys.executable, "-c", SLIDES)
    longest_covered(virtual_screen, band, "Slides", qtbot, 1.0)
    raised = band.on_top.raised
    qtbot.wait(600)
    assert band.on_top.raised == raised


def test_clicks_go_through_after_every_hide_show_move_and_raise(
    band: CaptionBand, other_program: Any, virtual_screen: Any, qtbot: Any
) -> None:
    below = other_program("#3366cc")
    clicks = 0

    def click() -> None:
        nonlocal clicks
        point = band.geometry().center()
        virtual_screen.click(point.x(), point.y())
        clicks += 1
        qtbot.waitUntil(lambda: len(below.clicks()) == clicks)

    click()
    for _ in range(2):
        band.hide()
        band.show()
        qtbot.waitUntil(lambda: band.windowHandle().isExposed())
        click()
    for rect in (QRect(100, 80, 500, 120), QRect(400, 300, 600, 140)):
        band.set_moving(True)
        band.setGeometry(rect)
        band.set_moving(False)
        qtbot.wait(50)
        click()
    band.raise_()
    band.put_back()
    click()
