"""The application as a whole: window, overlay, stream and settings together."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from PySide6.QtCore import Qt

from app.bridge.stream import Stream
from app.capture.source import CaptureExclusions
from app.controllers.stream_builder import build_stream
from app.main import Courtside
from app.outputs.fanout import Fanout
from app.session.recorder import Recorder
from app.settings import Settings
from app.settings_file import SettingsFile
from app.window.phase import Phase
from core.config import StreamConfig
from core.errors import EngineError, SourceError
from core.messages import Adjust, Degraded, LimitMemory, Message, Steer
from tests.app.scripted import SAID, Commentator, Pitch, failing, scripted
from tests.waiting import PATIENCE_S


def words(courtside: Courtside) -> list[str]:
    transcript = courtside.window.transcript
    return [transcript.row(number).text for number in range(transcript.rowCount())]


def figures(courtside: Courtside) -> dict[str, str]:
    """What the gauges show, by title."""
    return {tile.title: tile.figure for tile in courtside.window.strip.tiles()}


def test_a_newcomer_sees_commentary_without_a_click(opened, qtbot) -> None:
    courtside = opened()
    qtbot.waitUntil(lambda: len(words(courtside)) >= 3)
    assert words(courtside)[:2] == [SAID[0], SAID[2]]
    assert courtside.window.phase is Phase.LIVE
    assert courtside.overlay.isVisible()
    qtbot.waitUntil(lambda: courtside.window.preview.painted > 3)
    tiles = figures(courtside)
    qtbot.waitUntil(lambda: figures(courtside)["Frames"] != "0")
    assert tiles["KV cache"] == "4.2 MB"
    assert "GPU memory" not in tiles


def test_another_source_waits_for_start(opened, qtbot) -> None:
    courtside = opened(settings=Settings(source="camera"))
    qtbot.wait(100)
    assert courtside.window.phase is Phase.IDLE
    courtside.window.user_actions.start.trigger()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)


def test_stop_ends_every_thread_and_start_works_again(opened, qtbot) -> None:
    before = set(threading.enumerate())
    courtside = opened()
    for _ in range(2):
        qtbot.waitUntil(lambda: len(words(courtside)) >= 1)
        courtside.window.user_actions.stop.trigger()
        qtbot.waitUntil(lambda: courtside.window.phase is Phase.STOPPED)
        left = {thread for thread in threading.enumerate() if thread.name != "cover watch"}  # the captions', shown on
        assert left <= before
        courtside.window.user_actions.start.trigger()


def test_a_question_is_answered(opened, qtbot) -> None:
    courtside = opened()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    courtside.window.question.setText("the score?")
    courtside.window.question.returnPressed.emit()
    qtbot.waitUntil(lambda: "Answer to the score?" in words(courtside))


def test_a_pause_keeps_the_captions_and_the_transcript_and_then_all_goes_on(opened, qtbot) -> None:
    courtside = opened()
    qtbot.waitUntil(lambda: len(words(courtside)) >= 3)
    qtbot.keyClick(courtside.window, Qt.Key.Key_P, Qt.KeyboardModifier.ControlModifier)
    assert courtside.window.phase is Phase.PAUSED
    assert "Paused" in courtside.window.status.text()
    qtbot.wait(500)  # what was under way ends
    kept = words(courtside)
    painted = courtside.window.preview.painted
    shown = courtside.overlay.captions.visible(time.monotonic())
    qtbot.wait(1000)
    assert words(courtside) == kept
    assert courtside.window.preview.painted > painted
    assert shown
    assert courtside.overlay.captions.visible(time.monotonic() + 60) == shown
    courtside.window.user_actions.pause.trigger()
    assert courtside.window.phase is Phase.LIVE
    qtbot.waitUntil(lambda: len(words(courtside)) > len(kept))
    qtbot.waitUntil(lambda: not courtside.overlay.captions.visible(time.monotonic() + 60))


def test_a_stream_that_is_paused_can_be_stopped_and_started(opened, qtbot) -> None:
    courtside = opened()
    qtbot.waitUntil(lambda: len(words(courtside)) >= 1)
    courtside.window.user_actions.pause.trigger()
    courtside.window.user_actions.stop.trigger()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.STOPPED)
    assert not courtside.window.user_actions.pause.isChecked()
    courtside.window.user_actions.start.trigger()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE and len(words(courtside)) >= 1)


def test_the_wishes_reach_a_stream_that_runs(opened, qtbot) -> None:
    host = Commentator()
    config = StreamConfig(fps=10, chunk_s=0.2)
    courtside = opened(
        lambda _, __, outputs: Stream(Pitch(), host, config, on_message=outputs.handle, source_context="A v B")
    )
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    panel = courtside.window.commentator
    panel.set_open(True)
    assert not panel.apply.isVisible()
    panel.context.setPlainText("Be brief")
    qtbot.mouseClick(panel.apply, Qt.MouseButton.LeftButton)
    assert not panel.apply.isVisible()
    panel.query.clear()
    qtbot.keyClicks(panel.query, "Speak of the crowd\r")
    panel.words.setCurrentIndex(panel.words.findData(60))
    panel.words.activated.emit(panel.words.currentIndex())
    qtbot.keyClicks(panel.memory, "900\r")
    assert panel.memory.text() == "≤ 900 MB"
    panel.memory.selectAll()
    qtbot.keyClicks(panel.memory, "\b\r")
    assert host.heard == [
        Steer(context="A v B\nBe brief"),
        Steer(query="Speak of the crowd"),
        Adjust({"words_per_minute": 60}),
        LimitMemory(900_000_000),
        LimitMemory(None),
    ]


def test_what_the_memory_ceiling_costs_is_told_and_its_return(opened, qtbot) -> None:
    emit: list[Callable[[Message], None]] = []

    def build(settings: Settings, exclusions: CaptureExclusions, outputs: Fanout) -> Stream:
        emit.append(outputs.handle)
        return scripted()(settings, exclusions, outputs)

    courtside = opened(build)
    qtbot.waitUntil(lambda: len(words(courtside)) >= 1)
    emit[0](Degraded(3, "50% of the pixels"))
    qtbot.waitUntil(lambda: courtside.window.status.text() == "Live Memory limit: using 50% of the pixels")
    emit[0](Degraded(5, "everything", recovered=True))
    qtbot.waitUntil(lambda: courtside.window.status.text() == "Live Memory limit: using everything again")


def test_an_error_is_a_banner_and_never_a_caption(opened, qtbot) -> None:
    courtside = opened(scripted(EngineError("Out of memory", "Choose a smaller model.")))
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.STOPPED)
    assert courtside.window.banner.text() == "Out of memory\nChoose a smaller model."
    assert courtside.window.user_actions.start.isEnabled()
    assert words(courtside) == []
    assert courtside.overlay.captions.visible(time.monotonic()) == []


def test_a_source_that_does_not_exist_is_a_banner(opened, qtbot) -> None:
    courtside = opened(failing(SourceError("No such camera", "Plug one in.")))
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.STOPPED)
    assert courtside.window.banner.text() == "No such camera\nPlug one in."
    courtside.window.user_actions.start.trigger()
    assert not courtside.window.banner.isVisible()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.STOPPED)


@pytest.mark.expects_log("the stream could not be built")
def test_even_a_mistake_of_ours_is_a_banner(opened, qtbot) -> None:
    courtside = opened(failing(RuntimeError("broken")))
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.STOPPED)
    assert "broken" in courtside.window.banner.text()


def test_closing_the_window_ends_the_stream_and_saves(opened, qtbot, tmp_path: Path) -> None:
    courtside = opened()
    qtbot.waitUntil(lambda: len(words(courtside)) >= 1)
    courtside.window.commentator.context.setPlainText("Be brief")
    with qtbot.waitSignal(courtside.ended):
        courtside.window.close()
    assert courtside.session is None
    assert not courtside.overlay.isVisible()
    assert SettingsFile(tmp_path).load()[0].context == "Be brief"


def test_the_overlay_stays_hidden_once_it_was_hidden(opened, qtbot, tmp_path: Path) -> None:
    courtside = opened()
    qtbot.waitUntil(courtside.overlay.isVisible)
    courtside.window.user_actions.hide_overlay.trigger()
    assert not courtside.overlay.isVisible()
    assert not courtside.window.user_actions.hide_overlay.isEnabled()
    courtside.close()
    again = opened()
    qtbot.waitUntil(lambda: again.window.phase is Phase.LIVE)
    assert not again.overlay.isVisible()
    again.window.user_actions.show_overlay.trigger()
    assert again.overlay.isVisible()


def test_the_overlay_stays_where_it_was_put(opened, qtbot, tmp_path: Path) -> None:
    courtside = opened()
    qtbot.waitUntil(courtside.overlay.isVisible)
    courtside.window.user_actions.move_overlay.trigger()
    assert courtside.overlay.moving
    courtside.overlay.setGeometry(100, 50, 500, 100)
    courtside.window.user_actions.move_overlay.trigger()
    assert not courtside.overlay.moving
    courtside.close()
    again = opened()
    assert again.overlay.geometry().getRect() == (100, 50, 500, 100)


def test_garbage_settings_are_told_in_the_status_line(opened, qtbot, tmp_path: Path) -> None:
    SettingsFile(tmp_path).path.write_text("{broken")
    courtside = Courtside(SettingsFile(tmp_path), scripted())
    assert "settings.bad" in courtside.window.status.text()
    courtside.close()
    courtside.window.deleteLater()
    courtside.overlay.deleteLater()


def test_a_session_that_was_broken_off_is_told_at_the_next_start(opened, qtbot, tmp_path: Path) -> None:
    killed = Recorder(tmp_path / "sessions", "arena:7", {"source": "arena:7"})
    killed.close()
    events = killed.folder / "events.jsonl"
    events.write_bytes(events.read_bytes().splitlines(keepends=True)[0])
    courtside = opened()
    assert killed.folder.name in courtside.window.status.text()
    assert "Ctrl+Shift+L" in courtside.window.status.text()


def test_a_missing_checkpoint_is_told_in_words(opened, qtbot, tmp_path: Path) -> None:
    courtside = opened(build_stream, Settings(model=str(tmp_path / "nothing here"), record=False))
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.STOPPED)
    assert courtside.window.banner.isVisible()
    assert "Traceback" not in courtside.window.banner.text()


def test_a_session_is_written_with_lines_and_questions(opened, qtbot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("app.controllers.stream_builder.supervised_host", lambda config, *_: Commentator())
    monkeypatch.setattr("app.session.prepare.open_source", lambda spec, options: Pitch())
    courtside = opened(build_stream)
    courtside.window.user_actions.focus_question.trigger()
    courtside.window.question.setText("the score?")
    courtside.window.question.returnPressed.emit()
    qtbot.waitUntil(lambda: "Answer to the score?" in words(courtside))
    courtside.window.user_actions.mark.trigger()
    courtside.close()
    (events,) = (tmp_path / "sessions").glob("*/events.jsonl")
    kept = [json.loads(line) for line in events.read_text().splitlines()]
    assert [entry["text"] for entry in kept if entry["type"] == "question"] == ["the score?"]
    assert "Answer to the score?" in [entry["text"] for entry in kept if entry["type"] == "line"]
    (mark,) = [entry for entry in kept if entry["type"] == "mark"]
    assert mark["at"] == max(entry["end"] for entry in kept if entry["type"] == "line")


def test_a_disk_that_refuses_is_told_and_the_commentary_goes_on(opened, qtbot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("app.controllers.stream_builder.supervised_host", lambda config, *_: Commentator())
    monkeypatch.setattr("app.session.prepare.open_source", lambda spec, options: Pitch())
    (tmp_path / "sessions").write_text("a file where a folder should be")
    courtside = opened(build_stream)
    qtbot.waitUntil(lambda: len(words(courtside)) > 0)
    assert "session" in courtside.window.banner.text()


def test_importing_the_application_loads_no_torch() -> None:
    check = "import sys, app.main; sys.exit(bool({'torch', 'transformers', 'av'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", check], check=True)


@pytest.mark.parametrize("end", ["SIGINT", "SIGTERM", "SIGHUP"])
def test_a_signal_closes_the_window_in_order(virtual_screen, tmp_path: Path, end: str) -> None:
    script = (
        "import os, signal, sys\n"
        "from PySide6.QtCore import QTimer\n"
        "import app.main as main\n"
        "opened = main.Courtside.open\n"
        f"end = lambda: os.kill(os.getpid(), signal.{end})\n"
        "main.Courtside.open = lambda self: (opened(self), QTimer.singleShot(300, end))\n"
        "sys.exit(main.run())\n"
    )
    SettingsFile(tmp_path).save(Settings(source="camera"))
    environment = {**virtual_screen.environment(), "COURTSIDE_CONFIG_DIR": str(tmp_path)}
    ended = subprocess.run(
        [sys.executable, "-c", script], env=environment, timeout=PATIENCE_S, capture_output=True, text=True
    )
    assert (ended.returncode, ended.stderr) == (0, "")
    assert SettingsFile(tmp_path).load()[0].window_rect is not None
