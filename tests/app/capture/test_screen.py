"""Capturing a real X screen, and what lies under our own windows."""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable, Iterator
from typing import Any

import numpy as np
import pytest

from app.capture.pixels import GREY, blend, fill
from app.capture.source import CaptureOptions, Rectangle, Source, SourceNotice
from app.capture.spec import open_source
from core.errors import SourceError
from core.types import Frame
from tests.waiting import until

pytest.importorskip("mss")
X = pytest.importorskip("Xlib.X")

BLUE = (51, 102, 204)
RED = (255, 0, 0)
OURS: Rectangle = (200, 150, 300, 120)


@pytest.fixture
def captured() -> Iterator[Callable[..., np.ndarray]]:
    """Grabs one picture of a source; the sources are closed at the end."""
    opened: list[Source] = []

    def grab(spec: str, **options: Any) -> np.ndarray:
        source = open_source(spec, CaptureOptions(fps=10, preview_fps=10, **options))
        opened.append(source)
        source.open()
        frame = source.read()
        assert isinstance(frame, Frame)
        return frame.image

    yield grab
    for source in opened:
        source.close()


@pytest.fixture
def our_window(virtual_screen: Any) -> Iterator[Any]:
    """A red window of this process on top of everything."""
    from Xlib import Xatom
    from Xlib.display import Display

    display = Display(virtual_screen.display)
    screen = display.screen()
    window = screen.root.create_window(
        *OURS, 0, screen.root_depth, X.InputOutput, background_pixel=0xFF0000, override_redirect=True
    )
    window.change_property(display.intern_atom("_NET_WM_PID"), Xatom.CARDINAL, 32, [os.getpid()])
    window.map()
    window.configure(stack_mode=X.Above)
    display.sync()
    yield window
    window.destroy()
    display.close()


def colours(image: np.ndarray, area: Rectangle = OURS) -> set[tuple[int, ...]]:
    x, y, width, height = area
    return {tuple(pixel) for pixel in image[y : y + height, x : x + width].reshape(-1, 3)[::7].tolist()}


def test_a_screen_is_what_is_on_it(virtual_screen: Any, other_program: Callable[[str], Any], captured: Any) -> None:
    other_program("#3366cc")
    until(lambda: colours(captured("screen")) == {BLUE})
    image = captured("screen")
    assert image.shape == (virtual_screen.height, virtual_screen.width, 3)
    assert image.dtype == np.uint8
    assert image.flags.c_contiguous


def test_a_region_is_a_part_of_it(our_window: Any, captured: Any) -> None:
    x, y, width, height = OURS
    until(lambda: colours(captured("screen")) == {RED})
    image = captured(f"region:{x - 11},{y},{width},{height}")
    assert image.shape == (height, width, 3)
    assert tuple(image[5, 11]) == RED
    assert tuple(image[5, 10]) != RED
    assert image.flags.c_contiguous


def test_a_region_over_the_edge_is_cut(virtual_screen: Any, captured: Any) -> None:
    assert captured(f"region:-50,{virtual_screen.height - 20},100,100").shape == (20, 50, 3)


def test_under_our_own_window_the_other_program_is_seen(
    other_program: Callable[[str], Any], our_window: Any, captured: Any
) -> None:
    other_program("#3366cc")
    until(lambda: colours(captured("screen"), (0, 0, 100, 100)) == {BLUE})
    our_window.configure(stack_mode=X.Above)
    until(lambda: colours(captured("screen")) == {RED})
    assert colours(captured("screen", own_windows=lambda: [OURS])) == {BLUE}
    x, y, width, height = OURS
    part = captured(f"region:{x + 10},{y + 10},{width},{height}", own_windows=lambda: [OURS])
    assert colours(part, (0, 0, width, height)) == {BLUE}


def test_without_a_compositor_our_own_window_is_filled_in(our_window: Any, captured: Any, monkeypatch: Any) -> None:
    monkeypatch.setattr("app.capture.own_window_mask.has_compositor", lambda display: False)
    until(lambda: colours(captured("screen")) == {RED})
    assert RED not in colours(captured("screen", own_windows=lambda: [OURS]))


def test_windows_of_ours_over_each_other_are_not_filled_from_each_other(
    our_window: Any, captured: Any, monkeypatch: Any
) -> None:
    monkeypatch.setattr("app.capture.own_window_mask.has_compositor", lambda display: False)
    until(lambda: colours(captured("screen")) == {RED})
    x, y, width, height = OURS
    halves = [(x, y, width, height // 2 + 5), (x, y + height // 2, width, height - height // 2)]
    assert RED not in colours(captured("screen", own_windows=lambda: halves))


def test_a_window_that_moves_is_covered_where_it_was_and_where_it_is(our_window: Any, captured: Any) -> None:
    until(lambda: colours(captured("screen")) == {RED})
    places = iter([[(0, 0, 10, 10)], [OURS]])
    assert RED not in colours(captured("screen", own_windows=lambda: next(places)))


@pytest.mark.parametrize("spec", ["screen:9", "region:90000,0,10,10"])
def test_what_is_not_on_the_screen(virtual_screen: Any, spec: str) -> None:
    source = open_source(spec, CaptureOptions())
    with pytest.raises(SourceError):
        source.open()
    source.close()


def test_no_screen_at_all(no_display: None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":4242")
    source = open_source("screen", CaptureOptions())
    with pytest.raises(SourceError, match="cannot be captured"):
        source.open()
    source.close()


@pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")
def test_a_display_server_that_goes_away(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-screen", "0", "320x200x24", "-nolisten", "tcp"]
    server = subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    with os.fdopen(reader) as answer:
        monkeypatch.setenv("DISPLAY", f":{answer.readline().strip()}")
    source = open_source("screen", CaptureOptions(own_windows=lambda: [(0, 0, 50, 50)]))
    source.open()
    assert source.read() is not None
    server.kill()
    server.wait()
    notice = source.read()
    assert isinstance(notice, SourceNotice)
    assert notice.lost
    assert "the display server has gone" in notice.message
    source.close()


def test_fill_never_uses_what_it_covers() -> None:
    picture = np.full((20, 30, 4), 200, np.uint8)
    picture[5:15, 5:25] = 9
    fill(picture, 5, 5, 25, 15)
    assert picture.min() == picture.max() == 200
    fill(picture, 0, 0, 30, 20)
    assert picture.min() == picture.max() == GREY


def test_translucent_pixels_are_laid_over_others() -> None:
    below = np.full((1, 1, 4), 200, np.uint8)
    blend(below, np.array([[[64, 0, 0, 128]]], np.uint8), translucent=True)
    assert below[0, 0, :3].tolist() == [64 + 200 * 127 // 255, 200 * 127 // 255, 200 * 127 // 255]
    blend(below, np.array([[[1, 2, 3, 0]]], np.uint8), translucent=False)
    assert below[0, 0, :3].tolist() == [1, 2, 3]
