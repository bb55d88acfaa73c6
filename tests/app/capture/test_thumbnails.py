"""Small pictures of what is on a real X screen."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from app.capture.source import CaptureExclusions
from app.capture.thumbnails import HEIGHT, MINIMISED, PRIVATE, WIDTH, Thumbnail, Thumbnails
from app.ignore_list import IgnoreList

pytest.importorskip("mss")
pytest.importorskip("Xlib")

PROGRAM = """
import sys
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget
application = QApplication([])
window = QWidget()
window.setWindowTitle(sys.argv[1])
palette = QPalette()
palette.setColor(QPalette.ColorRole.Window, QColor(sys.argv[2]))
window.setPalette(palette)
window.setGeometry(*map(int, sys.argv[3].split(",")))
window.show()
application.exec()
"""


@pytest.fixture
def program(virtual_screen: Any) -> Iterator[Callable[[str, str, str], None]]:
    started: list[subprocess.Popen[bytes]] = []

    def start(title: str, colour: str, rect: str) -> None:
        command = [sys.executable, "-c", PROGRAM, title, colour, rect]
        started.append(subprocess.Popen(command, env=virtual_screen.environment()))
        search = ["xdotool", "search", "--sync", "--onlyvisible", "--name", f"^{title}$"]
        subprocess.run(search, env=virtual_screen.environment(), check=True, stdout=subprocess.DEVNULL)

    yield start
    for each in started:
        each.terminate()
        each.wait(10)


@pytest.fixture
def thumbnails(virtual_screen: Any) -> Iterator[Callable[..., Thumbnails]]:
    made: list[Thumbnails] = []

    def make(ignored: IgnoreList | None = None) -> Thumbnails:
        made.append(Thumbnails(CaptureExclusions(ignored=lambda: ignored or IgnoreList())))
        return made[-1]

    yield make
    for each in made:
        each.close()


def named(found: list[Thumbnail], label: str) -> Thumbnail:
    return next(thumbnail for thumbnail in found if thumbnail.label == label)


def centre(thumbnail: Thumbnail) -> list[int]:
    assert thumbnail.picture is not None, thumbnail.why
    height, width = thumbnail.picture.shape[:2]
    return thumbnail.picture[height // 2, width // 2].tolist()


def test_screens_and_windows_have_pictures_of_their_own_shape(program: Any, thumbnails: Any) -> None:
    program("Blue one", "#0000ff", "100,100,600,200")
    program("Green one", "#00ff00", "120,120,200,400")
    look = thumbnails()
    end = time.monotonic() + 8
    while (found := look.look()) and centre(named(found, "Green one")) != [0, 255, 0]:
        assert time.monotonic() < end
    screen = found[0]
    assert (screen.spec, screen.label) == ("screen:1", "Screen 1, 1280 x 720")
    assert screen.picture is not None
    assert screen.picture.shape == (HEIGHT, WIDTH, 3)
    blue = named(found, "Blue one")
    assert blue.spec.startswith("window:0x")
    assert blue.picture is not None
    assert blue.picture.shape == (round(WIDTH / 3), WIDTH, 3)
    assert centre(blue) == [0, 0, 255]


def test_a_minimised_window_has_none_and_says_so(program: Any, thumbnails: Any, virtual_screen: Any) -> None:
    program("Small one", "#0000ff", "100,100,300,200")
    look = thumbnails()
    assert named(look.look(), "Small one").picture is not None
    tell = ["xdotool", "search", "--name", "^Small one$", "windowminimize", "--sync"]
    subprocess.run(tell, env=virtual_screen.environment(), check=True)
    small = named(look.look(), "Small one")
    assert (small.picture, small.why) == (None, MINIMISED)


def test_what_must_not_be_watched_is_not_shown_nor_named(program: Any, thumbnails: Any) -> None:
    program("Payroll of May", "#0000ff", "100,100,300,200")
    found = thumbnails(IgnoreList(titles=("payroll",))).look()
    assert not [thumbnail for thumbnail in found if "Payroll" in thumbnail.label]
    private = [thumbnail for thumbnail in found if thumbnail.why == PRIVATE]
    assert {thumbnail.spec.partition(":")[0] for thumbnail in private} == {"screen", "window"}
    assert not [thumbnail for thumbnail in private if thumbnail.picture is not None]


def test_a_look_costs_little(program: Any, thumbnails: Any) -> None:
    for place in range(4):
        program(f"Number {place}", "#0000ff", f"{place * 40},{place * 40},800,500")
    look = thumbnails()
    look.look()
    begun = time.process_time()
    for _ in range(5):
        assert len(look.look()) == 5
    assert (time.process_time() - begun) / 5 < 0.25  # of each second
