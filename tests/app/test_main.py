"""The application as a whole: window, overlay, stream and settings together."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtCore import Qt

from app.bridge.stream import Stream
from app.capture.source import OwnWindows
from app.main import Courtside
from app.outputs.fanout import Fanout
from app.settings import Settings
from app.settings_file import SettingsFile
from app.stream_builder import build_stream
from app.window.phase import Phase
from core.config import StreamConfig
from core.errors import EngineError, SourceError
from core.messages import Adjust, Ask, Command, Degraded, LimitMemory, Line, Message, Piece, Ready, Stats, Steer
from core.types import Chunk, Frame

SAID = ("Harbour win it back", "", "and they break down the left")


class Pitch:
    """A live source of green pictures, thirty a second."""

    name = "pitch"
    context = "Harbour (orange) v Union (blue)"
    live = True
    warning = ""

    def __init__(self) -> None:
        self._interrupted = threading.Event()
        self._count = 0

    def open(self) -> None:
        pass

    def read(self) -> Frame | None:
        if self._interrupted.wait(1 / 30):
            return None
        self._count += 1
        picture = np.full((90, 160, 3), (20, 120 + self._count % 60, 40), np.uint8)
        return Frame(picture, time.monotonic(), self._count / 30)

    def interrupt(self) -> None:
        self._interrupted.set()

    def close(self) -> None:
        pass


class Commentator:
    """A host that says what it is told to, and answers questions."""

    def __init__(self, error: Exception | None = None) -> None:
        self._error = error
        self.heard: list[Command] = []
        self._questions: list[str] = []

    def interrupt(self) -> None:
        pass

    def start(self, on_progress: object = None) -> Ready:
        return Ready("scripted", "cpu", "float32", 1, 0.0)

    def prepare_shapes(self, picture: object) -> None:
        pass

    def prefill_ahead(self, partial: Chunk) -> None:
        pass

    def step(self, chunk: Chunk) -> Iterator[Message]:
        if self._error is not None:
            raise self._error
        text = f"Answer to {self._questions.pop(0)}" if self._questions else SAID[chunk.index % len(SAID)]
        for number, word in enumerate(text.split()):
            yield Piece(chunk.index, word if number == 0 else f" {word}")
        yield Line(chunk.index, chunk.start, chunk.end, text, chunk.captured_at, time.monotonic())
        yield Stats(chunk.index, 0.1, 0.05, 0, 0, 0, 0.05, 5, 900, 4_200_000, 9.0, 640_000_000, 0)

    def send(self, command: Command) -> None:
        self.heard.append(command)
        if isinstance(command, Ask):
            self._questions.append(command.text)

    def close(self) -> None:
        pass


def scripted(error: Exception | None = None) -> Callable[..., Stream]:
    def build(settings: Settings, own_windows: OwnWindows, outputs: Fanout) -> Stream:
        config = StreamConfig(fps=10, chunk_s=0.2)
        return Stream(Pitch(), Commentator(error), config, on_message=outputs.handle)

    return build


def failing(error: Exception) -> Callable[..., Stream]:
    def build(*_: object) -> Stream:
        raise error

    return build


@pytest.fixture
def opened(qapp, qtbot, tmp_path: Path) -> Iterator[Callable[..., Courtside]]:
    """Opens the application with a scripted stream, or with another one."""
    made: list[Courtside] = []

    def open_(build: Callable[..., Stream] | None = None, settings: Settings | None = None) -> Courtside:
        file = SettingsFile(tmp_path)
        if settings is not None:
            file.save(settings)
        made.append(Courtside(file, build or scripted()))
        made[-1].open()
        qtbot.waitUntil(lambda: made[-1].window.windowHandle().isExposed())
        return made[-1]

    yield open_
    for courtside in made:
        courtside.window.close()
        courtside.close()
        for part in (courtside.window, courtside.overlay, courtside):
            part.deleteLater()
    qtbot.wait(10)


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
        assert set(threading.enumerate()) <= before
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

    def build(settings: Settings, own_windows: OwnWindows, outputs: Fanout) -> Stream:
        emit.append(outputs.handle)
        return scripted()(settings, own_windows, outputs)

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


def test_a_missing_checkpoint_is_told_in_words(opened, qtbot, tmp_path: Path) -> None:
    courtside = opened(build_stream, Settings(model=str(tmp_path / "nothing here"), record=False))
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.STOPPED, timeout=30_000)
    assert courtside.window.banner.isVisible()
    assert "Traceback" not in courtside.window.banner.text()


def test_a_session_is_written_with_lines_and_questions(opened, qtbot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("app.stream_builder.ChildHost", lambda config: Commentator())
    monkeypatch.setattr("app.session.prepare.open_source", lambda spec, options: Pitch())
    courtside = opened(build_stream)
    courtside.window.user_actions.focus_question.trigger()
    courtside.window.question.setText("the score?")
    courtside.window.question.returnPressed.emit()
    qtbot.waitUntil(lambda: "Answer to the score?" in words(courtside), timeout=10_000)
    courtside.window.user_actions.mark.trigger()
    courtside.close()
    (events,) = (tmp_path / "sessions").glob("*/events.jsonl")
    kept = [json.loads(line) for line in events.read_text().splitlines()]
    assert [entry["text"] for entry in kept if entry["type"] == "question"] == ["the score?"]
    assert "Answer to the score?" in [entry["text"] for entry in kept if entry["type"] == "line"]
    (mark,) = [entry for entry in kept if entry["type"] == "mark"]
    assert mark["at"] == max(entry["end"] for entry in kept if entry["type"] == "line")


def test_a_disk_that_refuses_is_told_and_the_commentary_goes_on(opened, qtbot, tmp_path: Path, monkeypatch) -> None:
    monkeypatch.setattr("app.stream_builder.ChildHost", lambda config: Commentator())
    monkeypatch.setattr("app.session.prepare.open_source", lambda spec, options: Pitch())
    (tmp_path / "sessions").write_text("a file where a folder should be")
    courtside = opened(build_stream)
    qtbot.waitUntil(lambda: len(words(courtside)) > 0, timeout=10_000)
    assert "session" in courtside.window.banner.text()


def test_importing_the_application_loads_no_torch() -> None:
    check = "import sys, app.main; sys.exit(bool({'torch', 'transformers', 'av'} & set(sys.modules)))"
    subprocess.run([sys.executable, "-c", check], check=True)


@pytest.mark.parametrize("end", ["SIGINT", "SIGTERM"])
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
    ended = subprocess.run([sys.executable, "-c", script], env=environment, timeout=30, capture_output=True, text=True)
    assert (ended.returncode, ended.stderr) == (0, "")
    assert SettingsFile(tmp_path).load()[0].window_rect is not None
