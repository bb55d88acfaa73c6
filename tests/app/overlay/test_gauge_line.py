"""The gauges' line on the real band, over another program."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QPoint, QRect
from PySide6.QtGui import QColor, QGuiApplication, QImage

from app.caption_style import PRESETS, CaptionStyle
from app.overlay import gauge_line
from app.overlay.band import CaptionBand
from app.overlay.place import WindowPlace
from core.messages import Line

BLUE = "#0000ff"
GAUGES = ("0.42 s old", "0.25 s of 1.00 s", "8.0 fps", "3 dropped", "800 MB")


@pytest.fixture
def shown(qapp, qtbot) -> Iterator[CaptionBand]:
    made = CaptionBand(WindowPlace())
    made.show()
    qtbot.waitUntil(lambda: made.windowHandle().isExposed())
    yield made
    made.close()
    made.deleteLater()


def place_of(band: CaptionBand) -> QRect:
    """Of the gauges' line, on the screen."""
    box = gauge_line.area(band.rect(), band.gauges, band.caption_style).toAlignedRect()
    return box.translated(band.geometry().topLeft())


def on_screen(rect: QRect) -> QImage:
    return QGuiApplication.primaryScreen().grabWindow(0, *rect.getRect()).toImage()


def brightest(picture: QImage) -> int:
    """The least of red, green and blue of the whitest pixel: letters are white."""
    pixels = (picture.pixelColor(x, y) for x in range(picture.width()) for y in range(picture.height()))
    return max(min(colour.red(), colour.green(), colour.blue()) for colour in pixels)


def test_it_stands_at_the_lower_edge_in_letters_that_can_be_read(shown, other_program, qtbot) -> None:
    other_program(BLUE)
    shown.raise_()
    shown.set_gauges(GAUGES)
    box = place_of(shown)
    assert shown.geometry().contains(box)
    assert box.bottom() == shown.geometry().bottom()
    assert box.width() < shown.width()
    qtbot.waitUntil(lambda: brightest(on_screen(box)) > 200)
    ground = on_screen(QRect(box.left() + 4, box.center().y(), 1, 1)).pixelColor(0, 0)
    assert ground.blue() < 100  # the plate, over a bright blue
    above = on_screen(QRect(box.left() + 4, box.top() - 20, 1, 1)).pixelColor(0, 0)
    assert above == QColor(BLUE)
    shown.set_gauges(())
    qtbot.waitUntil(lambda: on_screen(box).pixelColor(4, box.height() // 2) == QColor(BLUE))


def test_clicks_go_through_it(shown, other_program, virtual_screen, qtbot) -> None:
    below = other_program(BLUE)
    shown.raise_()
    shown.set_gauges(GAUGES)
    qtbot.waitUntil(lambda: brightest(on_screen(place_of(shown))) > 200)
    point = place_of(shown).center()
    virtual_screen.click(point.x(), point.y())
    qtbot.waitUntil(lambda: below.clicks() == [(point.x(), point.y())])


def test_captions_stand_above_it_and_leave_it_alone(shown, other_program, qtbot) -> None:
    other_program(BLUE)
    shown.raise_()
    shown.set_still(True)
    shown.set_gauges(GAUGES)
    box = place_of(shown)
    qtbot.waitUntil(lambda: brightest(on_screen(box)) > 200)
    shown.finish(Line(0, 0.0, 1.0, "Words that are too many for one row of the band " * 3, 0.0, 0.1))
    _, heights = shown.fit(shown.captions.visible(shown.clock()))
    assert sum(heights) <= shown.height() - box.height()
    words = QRect(shown.x() + 20, box.top() - 40, 300, 30)
    qtbot.waitUntil(lambda: brightest(on_screen(words)) > 200)
    gap = QRect(box.right() + 30, box.top() + 4, 300, box.height() - 6)  # beside the figures: plate and no words
    assert brightest(on_screen(gap)) < 100


def test_without_a_compositor_only_the_line_is_there(qapp, other_program, monkeypatch, qtbot) -> None:
    monkeypatch.setattr("app.overlay.band.is_compositing", lambda: False)
    other_program(BLUE)
    band = CaptionBand(WindowPlace())
    band.show()
    qtbot.waitUntil(lambda: band.windowHandle().isExposed())
    band.set_gauges(GAUGES)
    qtbot.waitUntil(lambda: brightest(on_screen(place_of(band))) > 200)
    assert on_screen(QRect(band.geometry().center(), band.geometry().center())).pixelColor(0, 0) == QColor(BLUE)
    band.close()
    band.deleteLater()


def test_the_same_figures_are_not_painted_again(shown, qtbot) -> None:
    shown.set_gauges(GAUGES)
    qtbot.wait(300)
    before = shown.frames
    for _ in range(5):
        shown.set_gauges(GAUGES)
        qtbot.wait(20)
    assert shown.frames == before
    assert not shown.animating()


@pytest.mark.parametrize("name", PRESETS)
def test_a_band_of_fixed_letters_grows_for_it(shown, name: str) -> None:
    shown.set_style(PRESETS[name])
    before = shown.height()
    shown.set_gauges(GAUGES)
    grown = gauge_line.height(GAUGES, PRESETS[name]) if PRESETS[name].pixels else 0
    assert shown.height() == before + grown


def test_a_narrow_band_has_the_first_figures() -> None:
    style = CaptionStyle()
    wide = gauge_line.area(QRect(0, 0, 700, 100), GAUGES, style)
    narrow = gauge_line.area(QRect(0, 0, 200, 100), GAUGES, style)
    one = gauge_line.area(QRect(0, 0, 700, 100), GAUGES[:1], style)
    assert one.width() < narrow.width() <= 200
    assert wide.width() > 300
    right = gauge_line.area(QRect(0, 0, 700, 100), GAUGES, CaptionStyle(align="right"))
    assert right.right() == 700
    assert QPoint(0, 100) == gauge_line.area(QRect(0, 0, 700, 100), GAUGES, style).bottomLeft().toPoint()
