"""What the application offers where a model does not run."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QPushButton

from app.bridge.stream import Stream
from app.capture.source import CaptureExclusions
from app.outputs.fanout import Fanout
from app.settings import Settings
from app.window.phase import Phase
from core.config import StreamConfig
from core.engine.supervised_host import KEEPS_STOPPING
from core.errors import EngineError
from tests.app.scripted import Commentator, Pitch


@pytest.mark.parametrize("size", ["1280x720", ""])
def test_a_crash_loop_offers_safe_settings_where_there_are_some(opened, qtbot, size: str) -> None:
    asked: list[Settings] = []

    def build(settings: Settings, exclusions: CaptureExclusions, outputs: Fanout) -> Stream:
        asked.append(settings)
        host = Commentator(EngineError(KEEPS_STOPPING, "choose a smaller model") if len(asked) == 1 else None)
        return Stream(Pitch(), host, StreamConfig(fps=4), on_message=outputs.handle)

    courtside = opened(build, Settings(source="arena", size=size))
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.STOPPED)
    (safely,) = [one for one in courtside.window.banner.findChildren(QPushButton) if "Dismiss" not in one.text()]
    assert safely.isVisible() == bool(size)
    if size:
        qtbot.mouseClick(safely, Qt.MouseButton.LeftButton)
        qtbot.waitUntil(lambda: courtside.window.transcript.rowCount() > 0)
        assert not courtside.window.banner.isVisible()
        assert [settings.size for settings in asked] == [size, ""]
