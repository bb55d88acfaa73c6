"""The main window by itself."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QAbstractButton, QComboBox, QLineEdit, QPlainTextEdit, QPushButton, QWidget

from app.overlay.place import default_band
from app.settings import Settings
from app.window.first_place import FIRST_SIZE, MIN_SIZE, first_rect
from app.window.main_window import MainWindow
from app.window.phase import Phase
from core.messages import Ask


@pytest.fixture
def window(qapp, qtbot) -> MainWindow:
    made = MainWindow(Settings())
    qtbot.addWidget(made)
    made.show()
    qtbot.waitUntil(lambda: made.windowHandle().isExposed())
    return made


def button(window: QWidget, name: str) -> QPushButton:
    return next(b for b in window.findChildren(QPushButton) if b.accessibleName() == name)


def test_every_control_has_a_name_for_a_screen_reader(window: MainWindow) -> None:
    kinds = (QAbstractButton, QLineEdit, QComboBox, QPlainTextEdit)
    controls = [control for kind in kinds for control in window.findChildren(kind)]
    named = [control for control in controls if not control.objectName().startswith("qt_")]
    assert len(named) > 8
    assert [control for control in named if not control.accessibleName()] == []


def test_every_action_has_a_key_of_its_own(window: MainWindow) -> None:
    keys = [action.shortcut().toString() for action in window.user_actions.all()]
    assert all(keys)
    assert len(set(keys)) == len(keys)


def test_start_gives_the_source_and_the_context(window: MainWindow, qtbot) -> None:
    window.picker.set_spec("screen:1")
    window.commentator.context.setPlainText("  Harbour v Union ")
    with qtbot.waitSignal(window.start_requested):
        qtbot.mouseClick(button(window, "Start watching"), Qt.MouseButton.LeftButton)
    settings = window.current_settings(Settings())
    assert (settings.source, settings.context) == ("screen:1", "Harbour v Union")


def test_start_without_a_source_asks_for_one(window: MainWindow, qtbot) -> None:
    window.picker.set_spec("")
    with qtbot.assertNotEmitted(window.start_requested):
        window.user_actions.start.trigger()
    qtbot.waitUntil(window.picker.field.hasFocus)


@pytest.mark.parametrize(
    ("phase", "offered"),
    [
        (Phase.IDLE, {"Start"}),
        (Phase.LOADING, {"Stop"}),
        (Phase.LIVE, {"Pause", "Stop"}),
        (Phase.PAUSED, {"Resume", "Stop"}),
        (Phase.STOPPING, set()),
        (Phase.STOPPED, {"Start"}),
    ],
)
def test_each_phase_offers_what_makes_sense(window: MainWindow, phase: Phase, offered: set[str]) -> None:
    window.set_phase(phase)
    user_actions = window.user_actions
    assert {
        action.text() for action in (user_actions.start, user_actions.pause, user_actions.stop) if action.isEnabled()
    } == offered
    shown = {b.text() for b in window.findChildren(QPushButton) if b.isVisible() and b.isEnabled()}
    assert offered <= shown
    assert phase.value in window.status.text()


def test_a_question_is_sent(window: MainWindow, qtbot) -> None:
    window.set_phase(Phase.LIVE)
    qtbot.keyClicks(window.question, "Who scored?")
    with qtbot.waitSignal(window.command_requested) as asked:
        qtbot.keyClick(window.question, Qt.Key.Key_Return)
    assert asked.args == [Ask("Who scored?")]
    assert window.question.text() == ""


def test_the_banner_says_one_error_and_can_be_dismissed(window: MainWindow, qtbot) -> None:
    window.banner.show_error("No such camera", "Plug one in & press <Start>.")
    assert window.banner.isVisible()
    assert window.banner.text() == "No such camera\nPlug one in & press <Start>."
    window.banner.show_error("Engine stopped", "")
    assert window.banner.text() == "Engine stopped"
    qtbot.mouseClick(button(window, "Dismiss error"), Qt.MouseButton.LeftButton)
    assert not window.banner.isVisible()


@pytest.mark.parametrize(
    ("spec", "kind"),
    [
        ("arena", "Arena demo"),
        ("arena:7", "Arena demo"),
        ("screen", "Screen 1"),
        ("screen:1", "Screen 1"),
        ("screen:9", "Other…"),
        ("camera:0", "Camera"),
        ("camera:2", "Camera"),
        ("/films/final.mkv", "Video file…"),
        ("final.mp4", "Video file…"),
        ("rtsp://host/1", "Other…"),
        ("window:OBS", "Window…"),
        ("frames:somewhere/pictures", "Other…"),
        ("", "Other…"),
    ],
)
def test_the_list_follows_the_field(window: MainWindow, spec: str, kind: str) -> None:
    window.picker.set_spec(spec)
    assert window.picker.kind.currentText() == kind


def test_choosing_a_kind_fills_the_field(window: MainWindow) -> None:
    choice = window.picker.kind
    choice.activated.emit(choice.findText("Screen 1"))
    assert window.picker.spec() == "screen:1"
    choice.activated.emit(choice.findText("Camera"))
    assert window.picker.spec() == "camera"


@pytest.mark.parametrize("size", [MIN_SIZE, (500, 900), (900, 400), FIRST_SIZE, (1900, 1000), (3800, 2100)])
def test_nothing_overlaps_at_any_size(window: MainWindow, qtbot, size: tuple[int, int]) -> None:
    window.banner.show_error("Title", "A message that is long enough to need several rows in a narrow window. " * 3)
    window.commentator.set_open(True)
    window.setMinimumSize(*size)
    window.resize(*size)
    qtbot.waitUntil(lambda: window.width() >= size[0])

    def all_apart() -> None:
        parts = [window.preview, window.picker, window.commentator, window.view, window.question, window.banner]
        parts = [part for part in (*parts, window.strip) if part.isVisible()]
        assert {window.picker, window.view, window.banner} <= set(parts)
        boxes = [part.rect().translated(part.mapTo(window, part.rect().topLeft())) for part in parts]
        for number, box in enumerate(boxes):
            assert window.rect().contains(box), parts[number]
            assert not any(box.intersects(other) for other in boxes[number + 1 :]), parts[number]

    qtbot.waitUntil(all_apart)
    qtbot.wait(30)
    all_apart()  # and they stay so


def test_the_window_remembers(window: MainWindow, qapp, qtbot) -> None:
    window.setGeometry(40, 60, 1000, 600)
    window.picker.set_spec("camera:1")
    window.commentator.context.setPlainText("Quiet, please")
    window.commentator.set_open(True)
    qtbot.waitUntil(lambda: window.geometry().getRect() == (40, 60, 1000, 600))
    settings = window.current_settings(Settings(model="kept"))
    assert (settings.source, settings.context, settings.commentator_open) == ("camera:1", "Quiet, please", True)
    assert (settings.model, settings.window_rect) == ("kept", (40, 60, 1000, 600))
    again = MainWindow(settings)
    qtbot.addWidget(again)
    assert again.geometry().getRect() == (40, 60, 1000, 600)
    assert again.picker.spec() == "camera:1"
    assert again.commentator.is_open()


def test_a_window_from_a_screen_that_is_gone_comes_back(qapp, qtbot) -> None:
    made = MainWindow(Settings(window_rect=(9000, 9000, 800, 500)))
    qtbot.addWidget(made)
    made.show()
    assert made.x() < 1280
    assert made.y() < 720


@pytest.mark.parametrize("screen", [(0, 0, 1280, 720), (0, 0, 1366, 768), (1920, 30, 1440, 870), (0, 0, 1920, 1080)])
def test_at_first_the_captions_do_not_cover_it(screen: tuple[int, int, int, int]) -> None:
    x, y, width, height = first_rect(screen)
    assert y + height <= default_band(screen)[1]
    assert screen[0] <= x
    assert x + width <= screen[0] + screen[2]
    assert height >= MIN_SIZE[1]


def test_the_capture_learns_where_the_window_is(window: MainWindow, qtbot) -> None:
    window.setGeometry(100, 80, 900, 500)
    qtbot.waitUntil(lambda: window.place.rects() == [window.frameGeometry().getRect()])
    window.hide()
    assert window.place.rects() == []


def test_the_tab_key_visits_the_controls_in_reading_order(window: MainWindow, qtbot) -> None:
    window.activateWindow()
    window.picker.kind.setFocus()
    visited = []
    for _ in range(6):
        qtbot.keyClick(window.focusWidget(), Qt.Key.Key_Tab)
        visited.append(window.focusWidget().accessibleName())
    assert visited[0] == "Source"
    assert visited[1] == "Choose what to watch, with pictures"
    assert visited[2] == "Start watching"
    assert visited[3] == "Direct the commentator"
    assert visited[4] == "Transcript"
