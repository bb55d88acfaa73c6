"""What holds for every window: each control has a name, and the keyboard alone reaches it and gets on."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QAccessible
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
    QScrollBar,
    QWidget,
)

from app.window.own_window import OwnWindow
from app.window.phase import Phase
from tests.app.library.sessions import FIRST, record
from tests.every_window import kinds, open_all

CONTROLS = (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLineEdit,
    QPlainTextEdit,
)


@pytest.fixture
def windows(opened, qtbot, tmp_path: Path) -> Iterator[dict[str, OwnWindow]]:
    texts = ["", "Harbour win it back", "", "and they break down the left"]
    sessions = [record(tmp_path / "sessions" / name, FIRST, texts) for name in ("one", "two")]
    courtside = opened()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    courtside.window.commentator.set_open(True)
    found = open_all(courtside, *sessions)
    qtbot.waitUntil(lambda: all(window.windowHandle().isExposed() for window in found.values()))
    player = found["player"]
    qtbot.waitUntil(lambda: player.entries.rowCount() > 0)
    yield found
    courtside.preferences.close()


def controls(window: QWidget) -> list[QWidget]:
    """Everything that can be used now; not the inside of spin boxes and lists."""
    found = [part for kind in CONTROLS for part in window.findChildren(kind)]
    inner = (QAbstractSpinBox, QComboBox, QAbstractItemView, QLineEdit)
    return [
        part
        for part in dict.fromkeys(found)
        if part.isVisibleTo(window)
        and part.isEnabled()
        and part.window() is window
        and not isinstance(part, QScrollBar)
        and not any(isinstance(above, inner) for above in _above(part, window))
    ]


def _above(part: QWidget, window: QWidget) -> list[QWidget]:
    above = []
    while (part := part.parentWidget()) is not None and part is not window:
        above.append(part)
    return above


def name_of(part: QWidget) -> str:
    """As a screen reader tells it."""
    told = QAccessible.queryAccessibleInterface(part)
    return told.text(QAccessible.Text.Name) if told is not None else part.accessibleName()


def described(part: QWidget) -> str:
    return f"{type(part).__name__} {part.objectName()} “{name_of(part)}”"


def test_every_kind_of_window_is_looked_at(windows: dict[str, OwnWindow]) -> None:
    assert {type(window) for window in windows.values()} == kinds()
    assert all(len(controls(window)) >= 1 for window in windows.values())


def test_every_control_has_a_name(windows: dict[str, OwnWindow]) -> None:
    unnamed = {
        name: [described(part) for part in controls(window) if not name_of(part).strip()]
        for name, window in windows.items()
    }
    assert {name: parts for name, parts in unnamed.items() if parts} == {}


def test_tab_reaches_every_control_and_comes_round(windows: dict[str, OwnWindow], qtbot) -> None:
    missed: dict[str, list[str]] = {}
    for name, window in windows.items():
        window.bring_to_front()
        qtbot.waitUntil(window.isActiveWindow)
        wanted = controls(window)
        reached = _walk(window, qtbot, 3 * len(wanted) + 10)
        unreached = [described(part) for part in wanted if part not in reached and part.focusProxy() not in reached]
        if unreached:
            missed[name] = unreached
    assert missed == {}


def _walk(window: QWidget, qtbot, steps: int) -> set[QWidget]:
    """What has the keyboard, one Tab after another."""
    if window.focusWidget() is None:
        qtbot.keyClick(window, Qt.Key.Key_Tab)
    reached: set[QWidget] = set()
    for _ in range(steps):
        focused = QApplication.focusWidget()
        if focused is None:
            break
        reached.add(focused)
        qtbot.keyClick(focused, Qt.Key.Key_Tab)
    return reached


def test_titles_say_whose_they_are(windows: dict[str, OwnWindow]) -> None:
    titles = [window.windowTitle() for window in windows.values()]
    assert all("Courtside" in title for title in titles)
    assert len(set(titles)) == len(titles)
