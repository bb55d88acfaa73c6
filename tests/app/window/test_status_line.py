"""What the status line says while a checkpoint is on its way."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QTimer

from app.window import status_line
from app.window.phase import Phase
from app.window.status_line import StatusLine
from core.messages import Loading
from core.source_messages import PrivateWindow, SourceTrouble


def test_a_download_is_told_in_gigabytes_until_the_model_is_read(qapp, qtbot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.set_phase(Phase.LOADING)
    line.set_loading(Loading("downloading", 3_200_000_000, 16_600_000_000))
    assert line.text() == "Downloading 3.2 of 16.6 GB"
    assert line.accessibleDescription() == line.text()
    line.set_loading(Loading("loading", 0, 16_600_000_000))
    assert line.text() == Phase.LOADING.value
    line.set_loading(Loading("downloading", 1, 2))
    line.set_phase(Phase.STOPPING)
    assert line.text() == Phase.STOPPING.value


def test_a_notice_takes_the_remarks_place_until_it_is_over(qapp, qtbot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.set_phase(Phase.LIVE)
    line.set_remark("arena on cpu")
    line.set_notice("Memory limit: using 50% of the pixels")
    assert line.text() == line.accessibleDescription() == "Live Memory limit: using 50% of the pixels"
    line.findChild(QTimer).setInterval(20)
    line.set_notice("Memory limit: using everything again", passing=True)
    assert line.text().endswith("everything again")
    qtbot.waitUntil(lambda: line.text() == "Live arena on cpu")


def test_a_private_window_is_said_while_it_can_be_seen(qapp, qtbot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.set_remark("screen:1")
    line.follow(PrivateWindow(2.5, True))
    assert "Paused: private window" in line.text()
    line.follow(PrivateWindow(4.0, False))
    assert "private" not in line.text()
    assert "screen:1" in line.text()


def test_a_lost_source_is_not_live_and_its_seconds_are_counted(qapp, qtbot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(status_line, "SECOND_MS", 20)
    now = [100.0]
    monkeypatch.setattr(status_line.time, "monotonic", lambda: now[0])
    line = StatusLine()
    qtbot.addWidget(line)
    line.set_phase(Phase.LIVE)
    line.follow(SourceTrouble(4.0, "lost"))
    assert line.text() == "Source lost, trying again (0 s)"
    now[0] = 112.0
    qtbot.waitUntil(lambda: line.text() == "Source lost, trying again (12 s)")
    line.set_phase(Phase.PAUSED)
    assert line.text() == "Paused"
    line.set_phase(Phase.LIVE)
    assert line.text() == "Source lost, trying again (12 s)"
    line.follow(SourceTrouble(16.0, ""))
    assert line.text() == "Live The source is back"
    line.follow(SourceTrouble(20.0, "lost"))
    line.set_phase(Phase.STOPPED)
    assert line.text().startswith("Stopped")


def test_a_picture_that_stands_is_said_until_it_moves(qapp, qtbot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.set_phase(Phase.LIVE)
    line.set_remark("camera:0")
    line.follow(SourceTrouble(4.0, "still"))
    assert line.text() == "Live The picture stands still"
    line.follow(SourceTrouble(9.0, ""))
    assert line.text() == "Live The picture moves again"


def test_warnings_stay_behind_the_remark_until_they_are_cleared(qapp, qtbot) -> None:
    line = StatusLine()
    qtbot.addWidget(line)
    line.add_warnings(["settings.toml: line 3", ""])
    line.set_remark("arena:7")
    line.add_warnings(["no portal"])
    assert line.text().endswith("arena:7 · settings.toml: line 3; no portal")
    line.clear_warnings()
    assert line.text().endswith("arena:7")
