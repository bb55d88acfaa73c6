"""A region of the desktop, drawn with a real mouse."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt

from app.window.region_selector import RegionSelector, ScreenArea, region_of

LEFT_OF_IT = ScreenArea((-1920, 200, 1920, 1080), 1.0)
MAIN = ScreenArea((0, 0, 1280, 720), 2.0)


@pytest.mark.parametrize(
    ("start", "end", "region"),
    [
        ((10, 20), (110, 70), (20, 40, 200, 100)),
        ((110, 70), (10, 20), (20, 40, 200, 100)),
        ((-1900, 300), (-1800, 350), (-1900, 300, 100, 50)),
        ((-100, 250), (100, 350), (-100, 250, 300, 450)),
        ((-3000, 100), (-1820, 300), (-3000, 100, 1180, 200)),
    ],
    ids=["scaled", "upwards", "negative", "over two screens", "outside"],
)
def test_corners_are_placed_by_the_scale_of_their_screen(
    start: tuple[int, int], end: tuple[int, int], region: tuple[int, int, int, int]
) -> None:
    assert region_of(start, end, [MAIN, LEFT_OF_IT]) == region


@pytest.fixture
def selector(qapp: Any, qtbot: Any) -> RegionSelector:
    made = RegionSelector()
    made.open()
    qtbot.waitUntil(lambda: made.sheets[0].windowHandle().isExposed())
    return made


def test_a_region_is_drawn(selector: RegionSelector, virtual_screen: Any, qtbot: Any) -> None:
    with qtbot.waitSignal(selector.chosen) as chosen:
        virtual_screen.drag((700, 500), (300, 200))
    assert chosen.args == [(300, 200, 400, 300)]
    assert not any(sheet.isVisible() for sheet in selector.sheets)


def test_a_slip_of_the_hand_draws_nothing(selector: RegionSelector, virtual_screen: Any, qtbot: Any) -> None:
    with qtbot.assertNotEmitted(selector.chosen, wait=200):
        virtual_screen.drag((300, 200), (304, 204))
    assert selector.sheets[0].isVisible()
    selector.cancel()


def test_esc_cancels(
    selector: RegionSelector, virtual_screen: Any, qtbot: Any, other_program: Callable[[str], Any]
) -> None:
    import subprocess

    with qtbot.waitSignal(selector.cancelled):
        subprocess.run(["xdotool", "key", "Escape"], env=virtual_screen.environment(), check=True)
    assert not any(sheet.isVisible() for sheet in selector.sheets)


def test_its_size_is_shown_while_it_is_drawn(selector: RegionSelector, qtbot: Any) -> None:
    sheet = selector.sheets[0]
    before = sheet.grab().toImage()
    qtbot.mousePress(sheet, Qt.MouseButton.LeftButton, pos=QPoint(100, 100))
    selector.move(QPoint(500, 400))
    after = sheet.grab().toImage()
    label = after.copy(250, 405, 100, 40)
    assert label != before.copy(250, 405, 100, 40)
    selector.cancel()
