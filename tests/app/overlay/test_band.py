"""The overlay on a real screen, over another program."""

from __future__ import annotations

import subprocess
import time
from collections.abc import Callable, Iterator

import pytest
from PySide6.QtCore import QPoint, QRect, Qt, QTimer
from PySide6.QtGui import QColor, QGuiApplication
from PySide6.QtWidgets import QWidget

from app.overlay.band import COMPOSITOR_EVERY_S, CaptionBand
from app.overlay.caption_picture import rows
from app.overlay.place import WindowPlace, default_band
from core.messages import Line, Piece

BLUE = "#0000ff"
WHITE = "#ffffff"
LONG = "and after what feels like an eternity the referee finally points to the spot, to nobody's surprise but his own"


def line(round_: int, text: str) -> Line:
    return Line(round_, float(round_), round_ + 1.0, text, 0.0, 0.1)


def pixel(point: QPoint) -> QColor:
    """What the whole screen shows there, all windows composed."""
    picture = QGuiApplication.primaryScreen().grabWindow(0, point.x(), point.y(), 1, 1)
    return picture.toImage().pixelColor(0, 0)


def darkness(band: CaptionBand) -> int:
    """How far the band's right end, where the plate is but no words are, differs from white below."""
    point = band.geometry().topRight() + QPoint(-30, band.height() - 30)
    return 255 - pixel(point).red()


@pytest.fixture
def band(qapp, qtbot) -> Iterator[CaptionBand]:
    made = CaptionBand(WindowPlace())
    yield made
    made.close()
    made.deleteLater()


@pytest.fixture
def shown(band: CaptionBand, qtbot) -> CaptionBand:
    band.show()
    qtbot.waitExposed(band).__enter__()
    qtbot.waitUntil(lambda: band.windowHandle().isExposed())
    return band


def test_it_is_a_band_and_not_the_screen(shown: CaptionBand, qtbot) -> None:
    screen = QGuiApplication.primaryScreen().availableGeometry()
    qtbot.waitUntil(lambda: shown.geometry().getRect() == default_band(screen.getRect()))
    assert shown.height() <= 150


def test_it_takes_no_focus_and_no_place_in_the_task_bar(shown: CaptionBand, virtual_screen) -> None:
    assert QGuiApplication.focusWindow() is not shown.windowHandle()
    flags = shown.windowFlags()
    assert flags & Qt.WindowType.WindowDoesNotAcceptFocus
    assert flags & Qt.WindowType.Tool == Qt.WindowType.Tool


def test_clicks_reach_the_program_below(shown, other_program, virtual_screen, qtbot) -> None:
    below = other_program(BLUE)
    shown.raise_()
    shown.finish(line(0, "Goal! What a strike from thirty yards out"))
    qtbot.wait(400)
    centre = shown.geometry().center()
    virtual_screen.click(centre.x(), centre.y())
    qtbot.waitUntil(lambda: below.clicks() == [(centre.x(), centre.y())])


def test_hidden_and_shown_again_it_still_lets_clicks_through(shown, other_program, virtual_screen, qtbot) -> None:
    below = other_program(BLUE)
    for turn in (1, 2):
        shown.hide()
        shown.show()
        qtbot.waitUntil(lambda: shown.windowHandle().isExposed())
        qtbot.wait(200)
        centre = shown.geometry().center()
        virtual_screen.click(centre.x(), centre.y())
        qtbot.waitUntil(lambda turn=turn: len(below.clicks()) == turn)


def test_what_is_below_shows_through(shown, other_program, qtbot) -> None:
    other_program(BLUE)
    shown.raise_()
    qtbot.waitUntil(lambda: pixel(shown.geometry().center()).getRgb()[:3] == (0, 0, 255))  # nothing said: all of it
    shown.finish(line(0, "Words"))
    point = shown.geometry().topRight() + QPoint(-30, shown.height() - 30)
    qtbot.waitUntil(lambda: 40 < pixel(point).blue() < 150)  # the plate: some of it
    assert pixel(shown.geometry().topLeft() + QPoint(2, 2)).getRgb()[:3] == (0, 0, 255)


def test_it_stays_above_a_program_that_comes_later(shown, other_program, virtual_screen, qtbot) -> None:
    other_program(WHITE)
    shown.finish(line(0, "Words " * 12))
    qtbot.waitUntil(lambda: darkness(shown) > 60)
    assert virtual_screen.stacking()[-1] == shown.winId()


def test_a_caption_fades_and_then_no_timer_runs(shown, other_program, qtbot) -> None:
    other_program(WHITE)
    shown.finish(line(0, "Short"))
    qtbot.waitUntil(lambda: darkness(shown) > 60)
    qtbot.wait(2000)
    full = darkness(shown)
    seen = {full}
    qtbot.waitUntil(lambda: seen.add(darkness(shown)) or 0 in seen)
    assert any(5 < value < full - 5 for value in seen)  # it faded, it did not vanish
    qtbot.waitUntil(lambda: not shown.animating())
    qtbot.wait(100)  # the last movement may still be waiting to be painted
    frames = shown.frames
    qtbot.wait(300)
    assert shown.frames == frames


def test_between_movements_it_sleeps(shown, qtbot) -> None:
    shown.finish(line(0, "Short"))
    qtbot.wait(600)
    frames = shown.frames
    qtbot.wait(1000)
    assert shown.frames - frames <= 1


def test_without_motion_a_line_costs_one_picture(shown, qtbot) -> None:
    shown.set_still(True)
    qtbot.wait(50)
    before = shown.frames
    shown.finish(Line(1, 0.0, 1.0, "and they break down the left", 0.0, 0.0))
    qtbot.wait(400)
    assert 1 <= shown.frames - before <= 2


def test_it_paints_at_thirty_frames_a_second_or_more_while_moving(shown, qtbot) -> None:
    shown.finish(line(0, LONG))
    qtbot.wait(300)
    before = shown.frames
    for round_ in range(1, 6):
        shown.finish(line(round_, f"{round_} {LONG}"))
        qtbot.wait(200)  # within the slide: always moving
    assert shown.frames - before >= 30


def test_the_line_being_written_grows_on_the_screen(shown, other_program, qtbot) -> None:
    other_program(WHITE)
    shown.write(Piece(0, "Har"))
    shown.write(Piece(0, "bour"))
    qtbot.waitUntil(lambda: darkness(shown) > 60)
    assert [caption.text for caption in shown.captions.visible(shown.clock())] == ["Harbour"]


def test_a_line_that_wraps_is_animated(shown, qtbot) -> None:
    shown.write(Piece(0, "Harbour"))
    qtbot.wait(400)
    before = shown.frames
    shown.write(Piece(0, f" {LONG}"))
    qtbot.wait(300)
    assert shown.frames - before > 5


def test_no_word_is_ever_cut() -> None:
    text = f"{LONG} {'x' * 300} end"
    for width in (60, 200, 700):
        assert "".join(rows(text, 20, width)).replace(" ", "") == text.replace(" ", "")


def test_much_text_makes_the_letters_smaller(shown) -> None:
    shown.finish(line(0, "Short"))
    few, _ = shown.fit(shown.captions.visible(shown.clock()))
    for round_ in range(1, 4):
        shown.finish(line(round_, LONG))
    visible = shown.captions.visible(shown.clock())
    pixels, heights = shown.fit(visible)
    assert pixels < few
    assert sum(heights) <= shown.height()


def test_moving_it_with_the_mouse(shown, other_program, virtual_screen, qtbot) -> None:
    below = other_program(BLUE)
    shown.set_moving(True)
    qtbot.wait(200)
    before = shown.geometry()
    centre = before.center()
    virtual_screen.drag((centre.x(), centre.y()), (centre.x() - 60, centre.y() - 200))
    qtbot.waitUntil(lambda: shown.geometry() == before.translated(-60, -200))
    assert below.clicks() == []
    with qtbot.waitSignal(shown.placed) as placed:
        shown.set_moving(False)
    assert placed.args == [before.translated(-60, -200).getRect()]
    qtbot.wait(200)
    virtual_screen.click(*shown.geometry().center().toTuple())
    qtbot.waitUntil(lambda: below.clicks() == [shown.geometry().center().toTuple()])


def test_resizing_it_with_the_mouse(shown, virtual_screen, qtbot) -> None:
    shown.set_moving(True)
    qtbot.wait(200)
    before = shown.geometry()
    corner = before.topLeft() + QPoint(4, 4)
    virtual_screen.drag(corner.toTuple(), (corner.x() + 100, corner.y() - 50))
    qtbot.waitUntil(lambda: shown.geometry() == before.adjusted(100, -50, 0, 0))
    shown.set_moving(False)


def test_dragged_off_the_screen_it_comes_back(shown, qtbot) -> None:
    shown.set_moving(True)
    shown.move(-4000, 9000)
    shown.set_moving(False)
    assert QGuiApplication.primaryScreen().geometry().contains(shown.geometry())


def test_the_capture_learns_where_it_is(shown, qtbot) -> None:
    assert shown.place.rects() == [shown.geometry().getRect()]
    shown.setGeometry(10, 20, 300, 100)
    qtbot.waitUntil(lambda: shown.place.rects() == [(10, 20, 300, 100)])
    shown.hide()
    assert shown.place.rects() == []


def test_without_a_compositor_it_is_opaque_and_gone_when_silent(
    band, monkeypatch: pytest.MonkeyPatch, other_program: Callable[[str], object], qtbot
) -> None:
    monkeypatch.setattr("app.overlay.band.is_compositing", lambda: False)
    other_program(WHITE)
    band.show()
    qtbot.waitUntil(lambda: band.windowHandle().isExposed())
    qtbot.waitUntil(lambda: pixel(band.geometry().center()).red() == 255)
    band.finish(line(0, "Words"))
    point = band.geometry().topRight() + QPoint(-40, 40)
    qtbot.waitUntil(lambda: pixel(point).red() < 40)
    qtbot.waitUntil(lambda: pixel(point).red() == 255)


def test_without_a_compositor_no_moment_leaves_it_there_for_good(band, monkeypatch: pytest.MonkeyPatch, qtbot) -> None:
    """A caption may end between any two readings of the clock: as long as the band is there a timer runs."""
    monkeypatch.setattr("app.overlay.band.is_compositing", lambda: False)
    band.show()
    now = 0.0

    def moving_clock() -> float:
        nonlocal now
        now += 0.001
        return now

    monkeypatch.setattr(band, "clock", moving_clock)
    band.finish(line(0, "Words"))
    gone_at = now
    while band.captions.visible(gone_at):
        gone_at += 0.001
    for early in range(8):
        now = gone_at - early * 0.001
        band.findChild(QTimer).timeout.emit()
        there = band.mask().boundingRect() == band.rect()
        assert band.animating() == there


def test_a_compositor_that_ends_is_noticed(shown, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("app.overlay.band.COMPOSITOR_EVERY_S", 0.0)
    shown.finish(line(0, "Words"))
    monkeypatch.setattr(shown, "clock", lambda: time.monotonic() + COMPOSITOR_EVERY_S)
    assert shown.mask().isEmpty()
    monkeypatch.setattr("app.overlay.band.is_compositing", lambda: False)
    shown.finish(line(1, "More words"))
    assert not shown.mask().isEmpty()
    monkeypatch.setattr("app.overlay.band.is_compositing", lambda: True)
    shown.finish(line(2, "Even more"))
    assert shown.mask().isEmpty()
    shown.clear()
    monkeypatch.setattr("app.overlay.band.is_compositing", lambda: False)
    shown.finish(line(3, ""))  # nothing is said: all the more it must not stand there opaque
    assert shown.mask().boundingRect() == QRect(0, 0, 1, 1)


def test_when_the_screens_change_it_stays_on_one(shown, monkeypatch: pytest.MonkeyPatch, qtbot) -> None:
    shown.set_moving(True)
    shown.setGeometry(700, 500, 400, 100)
    shown.set_moving(False)
    monkeypatch.setattr("app.overlay.desktop.usable_areas", lambda: [(0, 0, 640, 480)])
    QGuiApplication.primaryScreen().availableGeometryChanged.emit(QRect(0, 0, 640, 480))
    qtbot.waitUntil(lambda: shown.geometry().getRect() == (240, 380, 400, 100))
    monkeypatch.setattr("app.overlay.desktop.usable_areas", lambda: [(0, 0, 1280, 720)])
    QGuiApplication.primaryScreen().availableGeometryChanged.emit(QRect(0, 0, 1280, 720))
    qtbot.waitUntil(lambda: shown.geometry().getRect() == (700, 500, 400, 100))  # where the user wants it


def test_the_compositor_is_asked_for(qapp, virtual_screen) -> None:
    from app.overlay.compositor import is_compositing

    assert is_compositing() == bool(virtual_screen.owner("_NET_WM_CM_S0"))


def test_our_own_window_below_keeps_its_focus(shown, qapp, qtbot) -> None:
    window = QWidget()
    qtbot.addWidget(window)
    window.show()
    window.activateWindow()
    qtbot.waitUntil(lambda: QGuiApplication.focusWindow() is window.windowHandle())
    shown.finish(line(0, "Words"))
    shown.hide()
    shown.show()
    qtbot.wait(200)
    assert QGuiApplication.focusWindow() is window.windowHandle()


def test_nothing_of_ours_is_grabbed_from_the_mouse(virtual_screen) -> None:
    """The virtual screen's own tools work, so the tests above mean something."""
    subprocess.run(["xdotool", "getmouselocation"], check=True, env=virtual_screen.environment(), capture_output=True)
