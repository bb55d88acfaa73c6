"""Capturing one window of another program on a real X screen."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from app.capture.source import CaptureOptions, Rectangle, Source, SourceNotice
from app.capture.spec import open_source
from app.capture.x11_windows import open_titles, opened_windows
from core.errors import SourceError, UsageError
from core.types import Frame
from tests.waiting import until

pytest.importorskip("av")
pytest.importorskip("mss")
pytest.importorskip("Xlib")

BLUE = (51, 102, 204)
GREEN = (0, 128, 0)
RED = (255, 0, 0)

PROGRAM = """
import sys
from PySide6.QtGui import QColor, QPalette
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QApplication, QWidget

class Painted(QWidget):
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", self.width(), self.height(), flush=True)

application = QApplication([])
window = Painted()
window.setWindowTitle(sys.argv[1])
palette = QPalette()
palette.setColor(QPalette.ColorRole.Window, QColor(*map(int, sys.argv[2].split(","))))
window.setPalette(palette)
window.setGeometry(*map(int, sys.argv[3].split(",")))
window.show()
application.exec()
"""


class Program:
    """Another program with one window."""

    def __init__(self, screen: Any, title: str, colour: tuple[int, int, int], rect: Rectangle) -> None:
        self._screen = screen
        words = [title, ",".join(map(str, colour)), ",".join(map(str, rect))]
        self.process = subprocess.Popen(
            [sys.executable, "-c", PROGRAM, *words], env=screen.environment(), stdout=subprocess.PIPE, text=True
        )
        self.painted = threading.Event()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        assert self.painted.wait(10)
        until(lambda: title in open_titles())
        self.number = int(self.tell("search", "--name", f"^{title}$").split()[-1])

    def tell(self, *words: object) -> str:
        """xdotool, as a person's hand."""
        done = subprocess.run(
            ["xdotool", *map(str, words)], env=self._screen.environment(), capture_output=True, text=True, check=True
        )
        return done.stdout

    def close(self) -> None:
        self.process.terminate()
        self.process.wait(10)
        self._reader.join()
        self.process.stdout.close()

    def _read(self) -> None:
        for _ in self.process.stdout:
            self.painted.set()


@pytest.fixture
def program(virtual_screen: Any) -> Iterator[Callable[..., Program]]:
    started: list[Program] = []

    def start(title: str, colour: tuple[int, int, int] = BLUE, rect: Rectangle = (100, 80, 320, 200)) -> Program:
        started.append(Program(virtual_screen, title, colour, rect))
        return started[-1]

    yield start
    for each in started:
        each.close()


def picture(source: Source) -> np.ndarray:
    frame = source.read()
    assert isinstance(frame, Frame)
    return frame.image


def told(source: Source, patience_s: float = 10.0) -> str:
    """What the source tells next."""
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        notice = source.read()
        if isinstance(notice, SourceNotice) and notice.title:
            return notice.message
    raise TimeoutError("nothing was told")


def colours(image: np.ndarray) -> set[tuple[int, ...]]:
    return {tuple(pixel) for pixel in image.reshape(-1, 3)[::7].tolist()}


@pytest.fixture(params=["compositor", "none"])
def desktop(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> str:
    """With a compositor, and as if there were none."""
    if request.param == "none":
        monkeypatch.setattr("app.capture.x11_windows.has_compositor", lambda display: False)
    return request.param


def test_the_inside_of_a_window_is_captured_by_a_part_of_its_title(program: Any, watched: Any, desktop: str) -> None:
    program("A quiet editor")
    source = watched("window:quiet")
    until(lambda: colours(picture(source)) == {BLUE})
    image = picture(source)
    assert image.shape == (200, 320, 3)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous


def test_what_lies_over_it_is_not_seen(program: Any, watched: Any, desktop: str) -> None:
    program("Below")
    over = program("Over", RED, (180, 120, 400, 300))
    over.tell("windowactivate", "--sync", over.number)
    until(lambda: RED in colours(picture(watched("window:Over"))))
    source = watched("window:Below")
    until(lambda: BLUE in colours(picture(source)))
    seen = colours(picture(source))
    assert RED not in seen
    if desktop == "compositor":
        assert seen == {BLUE}


def test_it_is_followed_as_it_moves_and_resizes(program: Any, watched: Any, desktop: str) -> None:
    moved = program("Moving", GREEN)
    source = watched("window:Moving")
    until(lambda: colours(picture(source)) == {GREEN})
    moved.tell("windowmove", "--sync", moved.number, 500, 300)
    until(lambda: colours(picture(source)) == {GREEN})
    moved.tell("windowsize", "--sync", moved.number, 401, 251)
    until(lambda: picture(source).shape == (251, 401, 3))
    until(lambda: colours(picture(source)) == {GREEN})
    moved.tell("windowsize", "--sync", moved.number, 200, 120)
    until(lambda: picture(source).shape == (120, 200, 3))


def test_a_part_outside_of_the_screen_is_seen_where_the_server_keeps_it(
    program: Any, watched: Any, desktop: str, virtual_screen: Any
) -> None:
    moved = program("Half outside", GREEN)
    source = watched("window:Half outside")
    moved.tell("windowmove", "--sync", moved.number, virtual_screen.width - 100, 300)
    until(lambda: GREEN in colours(picture(source)[:, 200:]) or desktop == "none")
    image = picture(source)
    assert image.shape == (200, 320, 3)
    assert GREEN in colours(image[:, :80])
    assert colours(image[:, 200:]) == ({GREEN} if desktop == "compositor" else {(128, 128, 128)})


def test_minimised_closed_and_back(program: Any, watched: Any, desktop: str) -> None:
    small = program("Short-lived")
    source = watched("window:Short-lived")
    picture(source)
    small.tell("windowminimize", "--sync", small.number)
    assert "minimised" in told(source)
    small.tell("windowactivate", "--sync", small.number)
    assert "window:Short-lived" in told(source)
    until(lambda: colours(picture(source)) == {BLUE})
    small.close()
    assert "there is no window" in told(source)
    program("Short-lived", RED)
    assert "window:Short-lived" in told(source)
    until(lambda: colours(picture(source)) == {RED})


def test_by_its_number(program: Any, watched: Any) -> None:
    numbered = program("Numbered", GREEN)
    source = watched(f"window:{numbered.number:#x}")
    until(lambda: colours(picture(source)) == {GREEN})


def test_the_exact_title_comes_before_a_part_of_one(program: Any) -> None:
    exact = program("Match")
    program("Match of the day", RED)
    with opened_windows() as windows:
        assert windows.find("Match") == exact.number
        assert windows.titles()[windows.find("match of")] == "Match of the day"


@pytest.mark.parametrize("wanted", ["nowhere to be seen", "0x7fffff0", "0xyz"])
def test_a_window_that_is_not_there_is_told_with_those_that_are(program: Any, wanted: str) -> None:
    program("The only one")
    source = open_source(f"window:{wanted}", CaptureOptions())
    with pytest.raises(SourceError) as told:
        source.open()
    source.close()
    if not wanted.startswith("0x"):
        assert "The only one" in told.value.message


def test_our_own_windows_are_not_offered(qapp: Any, qtbot: Any) -> None:
    from PySide6.QtWidgets import QWidget

    ours = QWidget()
    qtbot.addWidget(ours)
    ours.setWindowTitle("One of our own")
    with qtbot.waitExposed(ours):
        ours.show()
    qtbot.wait(200)
    assert "One of our own" not in open_titles()


def test_where_there_is_no_x_server_it_is_said(no_display: None) -> None:
    source = open_source("window:Firefox", CaptureOptions())
    with pytest.raises(SourceError, match="X11 and Wayland alone"):
        source.open()
    source.close()
    assert open_titles() == []
    with pytest.raises(UsageError, match="title"):
        open_source("window", CaptureOptions())


def test_a_grab_is_quick(program: Any, watched: Any) -> None:
    program("Large", GREEN, (0, 0, 1200, 650))
    source = watched("window:Large")
    picture(source)
    begun = time.process_time()
    for _ in range(30):
        source.read()
    assert (time.process_time() - begun) / 30 < 0.03  # a 30 Hz preview leaves the rest of its time
