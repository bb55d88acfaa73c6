"""Every change of the captions' look is seen on them at once, and kept."""

from __future__ import annotations

import time
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QImage

from app.caption_style import PRESETS, CaptionStyle
from app.settings import Settings
from app.settings_file import SettingsFile
from core.messages import Line

WORDS = "And they break down the left"


@pytest.fixture
def quiet(opened, qtbot):
    """The application at rest, with the window of the captions' look open and one line on the screen."""
    courtside = opened(settings=Settings(source="camera"))
    courtside.window.user_actions.style_overlay.trigger()
    qtbot.waitUntil(courtside.overlay.isVisible)
    courtside.overlay.finish(Line(0, 0, 1, WORDS, 0.0, 0.0))
    qtbot.waitUntil(lambda: courtside.overlay.captions.visible(time.monotonic())[-1].rise == 1.0)
    return courtside


def picture(courtside) -> QImage:
    return courtside.overlay.grab().toImage()


def count(image: QImage, name: str) -> int:
    """Pixels of exactly that colour."""
    wanted = QColor(name).rgb()
    return sum(image.pixel(x, y) == wanted for x in range(0, image.width(), 2) for y in range(image.height()))


def rows_with(image: QImage, name: str) -> tuple[int, int]:
    wanted = QColor(name).rgb()
    return tuple(
        y for y in range(image.height()) if any(image.pixel(x, y) == wanted for x in range(0, image.width(), 2))
    )


def columns_with(image: QImage, name: str) -> tuple[int, ...]:
    wanted = QColor(name).rgb()
    return tuple(x for x in range(image.width()) if any(image.pixel(x, y) == wanted for y in range(image.height())))


def test_colours_are_painted_as_chosen(quiet) -> None:
    window = quiet.captions.window
    assert count(picture(quiet), "#ffffff") > 20
    window.colour.chosen.emit("#00ff00")
    window.plate.chosen.emit("#0000ff")
    window.opacity.setValue(100)
    image = picture(quiet)
    assert count(image, "#ffffff") == 0
    assert count(image, "#00ff00") > 20
    assert count(image, "#0000ff") > 1000
    window.opacity.setValue(0)
    assert count(picture(quiet), "#0000ff") == 0


def test_alignment_moves_the_words(quiet) -> None:
    window = quiet.captions.window
    window.colour.chosen.emit("#00ff00")
    middle = {}
    for place in ("left", "centre", "right"):
        window.align.setCurrentIndex(window.align.findData(place))
        window.align.activated.emit(window.align.currentIndex())
        columns = columns_with(picture(quiet), "#00ff00")
        middle[place] = (columns[0] + columns[-1]) / 2
    assert middle["left"] < middle["centre"] - 50 < middle["right"] - 100
    assert middle["centre"] == pytest.approx(quiet.overlay.width() / 2, abs=8)


def test_a_size_makes_the_letters_larger_and_the_band_with_them(quiet) -> None:
    window = quiet.captions.window
    window.colour.chosen.emit("#00ff00")
    before = len(rows_with(picture(quiet), "#00ff00"))
    height = quiet.overlay.height()
    bottom = quiet.overlay.geometry().bottom()
    window.lines.setValue(3)
    window.pixels.setValue(70)
    assert quiet.overlay.height() > height
    assert quiet.overlay.geometry().bottom() == bottom
    assert len(rows_with(picture(quiet), "#00ff00")) > 1.5 * before
    window.pixels.setValue(0)
    assert quiet.overlay.height() == height


def test_lines_and_time_on_screen_count_for_what_is_said_next(quiet) -> None:
    window = quiet.captions.window
    window.lines.setValue(2)
    window.hold_s.setValue(20.0)
    for number in range(1, 6):
        quiet.overlay.finish(Line(number, number, number + 1, f"Line {number}", 0.0, 0.0))
    now = time.monotonic()
    assert [shown.text for shown in quiet.overlay.captions.visible(now + 15)] == ["Line 4", "Line 5"]
    assert quiet.overlay.captions.visible(now + 25) == []


def test_a_preset_fills_the_fields_and_a_change_makes_it_ones_own(quiet) -> None:
    window = quiet.captions.window
    window.preset.setCurrentIndex(window.preset.findData("Big, for slides"))
    window.preset.activated.emit(window.preset.currentIndex())
    assert quiet.overlay.caption_style == PRESETS["Big, for slides"]
    assert (window.pixels.value(), window.lines.value(), window.align.currentData()) == (56, 2, "centre")
    window.lines.setValue(4)
    assert window.preset.currentText() == "Your own"


def test_in_silence_a_sample_is_shown_until_the_window_closes(opened, qtbot) -> None:
    courtside = opened(settings=Settings(source="camera", captions={"colour": "#00ff00"}))
    courtside.window.user_actions.style_overlay.trigger()
    qtbot.waitUntil(courtside.overlay.isVisible)
    assert count(picture(courtside), "#00ff00") > 20
    courtside.captions.window.close()
    assert count(picture(courtside), "#00ff00") == 0


def test_the_look_is_kept_and_the_window_is_left_out_of_pictures_of_the_screen(
    opened, qtbot, tmp_path: Path, virtual_screen
) -> None:
    courtside = opened(settings=Settings(source="camera"))
    courtside.window.user_actions.style_overlay.trigger()
    window = courtside.captions.window
    qtbot.waitUntil(lambda: window.place.rects() != [] and window.place.rects()[0] in courtside.own_windows())
    qtbot.keyClick(window.lines, Qt.Key.Key_Up)
    courtside.close()
    assert SettingsFile(tmp_path).load()[0].captions == {"lines": 6}
    again = opened()
    assert again.overlay.caption_style == CaptionStyle(lines=6)


def test_a_look_that_makes_no_sense_is_told_and_stays_in_the_file(opened, tmp_path: Path) -> None:
    courtside = opened(settings=Settings(source="camera", captions={"lines": 99}))
    assert "lines" in courtside.window.status.text()
    assert courtside.overlay.caption_style == CaptionStyle()
    courtside.close()
    assert SettingsFile(tmp_path).load()[0].captions == {"lines": 99}
