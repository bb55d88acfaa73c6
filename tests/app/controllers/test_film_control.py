"""Going back and forth from the window: the bar, the keys, what is written and what is remembered, on a real film."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest

from app.bridge.stream import Stream
from app.capture.source import CaptureExclusions, CaptureOptions
from app.capture.spec import open_source
from app.outputs.fanout import Fanout
from app.settings import Settings
from app.window.phase import Phase
from core.config import StreamConfig
from core.errors import CourtsideError
from core.messages import Gap, Message
from core.source_messages import Jumped
from tests.app.scripted import Commentator
from tests.grey_film import second_of, write_grey_film


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    pytest.importorskip("av")
    return write_grey_film(tmp_path_factory.mktemp("film") / "film.mp4", 60)


def watching(told: list[Message]) -> Callable[..., Stream]:
    def build(settings: Settings, exclusions: CaptureExclusions, outputs: Fanout) -> Stream:
        options = CaptureOptions(fps=2, file_speed=settings.file_speed, begin_s=settings.file_start_s)

        def hear(message: Message) -> None:
            told.append(message)
            outputs.handle(message)

        return Stream(open_source(settings.source, options), Commentator(), StreamConfig(fps=2.0), on_message=hear)

    return build


def shown_second(courtside) -> float:
    frame = courtside.session.latest()
    return -1.0 if frame is None else second_of(frame.image)


def test_a_film_begins_where_it_is_told_and_goes_where_one_wants(opened, qtbot, film: Path) -> None:
    told: list[Message] = []
    courtside = opened(watching(told), Settings(source="screen:1"))
    window = courtside.window
    assert not window.film_bar.isVisible()
    assert not window.picker.start.isVisible()
    window.picker.field.setText(str(film))
    window.picker.start.setText("0:20")
    window.user_actions.start.trigger()
    qtbot.waitUntil(lambda: window.phase is Phase.LIVE)
    qtbot.waitUntil(lambda: shown_second(courtside) > 19)
    assert window.film_bar.isVisible()
    qtbot.waitUntil(lambda: window.film_bar.slider.maximum() in (59, 60))
    qtbot.waitUntil(lambda: 20 <= window.film_bar.slider.value() <= 30)
    window.user_actions.back.trigger()
    qtbot.waitUntil(lambda: 8 < shown_second(courtside) < 18)
    assert courtside.outside.steering.perform("seek", "0:50") == {"said": "at 00:50 of the film"}
    qtbot.waitUntil(lambda: shown_second(courtside) > 48)
    slider = window.film_bar.slider
    QTest.mouseClick(slider, Qt.MouseButton.LeftButton, pos=QPoint(slider.width() // 10, slider.height() // 2))
    qtbot.waitUntil(lambda: 4 < shown_second(courtside) < 20)
    QTest.keyClick(slider, Qt.Key.Key_Right)
    qtbot.waitUntil(lambda: 14 < shown_second(courtside) < 30)
    qtbot.waitUntil(lambda: len([message for message in told if isinstance(message, Jumped)]) == 5)
    qtbot.waitUntil(lambda: any(isinstance(message, Gap) for message in told))  # of jumps close together it is one
    window.film_bar.speed.setCurrentIndex(window.film_bar.speed.findData(2.0))
    window.film_bar.speed.activated.emit(0)
    assert courtside.session.film.speed == 2.0
    window.user_actions.stop.trigger()
    qtbot.waitUntil(lambda: window.phase is Phase.STOPPED)
    assert not window.film_bar.isVisible()
    assert not window.user_actions.back.isEnabled()
    kept = courtside.preferences.current()
    assert (kept.file_start_s, kept.file_speed) == (20.0, 2.0)
    window.picker.field.setText("screen:1")
    assert courtside.preferences.current().file_start_s == 0.0


def test_what_is_no_film_cannot_be_sought_in(opened, qtbot) -> None:
    courtside = opened()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    assert not courtside.window.film_bar.isVisible()
    assert not courtside.window.user_actions.forward.isEnabled()
    with pytest.raises(CourtsideError, match="cannot be sought in"):
        courtside.outside.steering.perform("forward")
