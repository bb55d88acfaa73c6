"""Actions from outside the window: what they do, and that a panic leaves nothing on the air."""

from __future__ import annotations

import json
import time
from pathlib import Path

import pytest

from app.bridge.stream import Stream
from app.commands.control import steer
from app.outputs.fanout import Fanout
from app.outputs.text_file import TextFile, TextFileOptions
from app.session.recorder import Recorder
from app.settings import Settings
from app.window.phase import Phase
from core.config import StreamConfig
from core.errors import CourtsideError
from tests.app.scripted import Commentator, Pitch


def words(courtside) -> list[str]:
    transcript = courtside.window.transcript
    return [transcript.row(number).text for number in range(transcript.rowCount())]


def test_a_panic_clears_every_output_at_once_and_resume_is_its_pair(opened, qtbot, tmp_path: Path) -> None:
    shown = tmp_path / "lines.txt"

    def build(settings: Settings, own_windows: object, outputs: Fanout) -> Stream:
        outputs.add(Recorder(tmp_path / "sessions", "pitch", {}))
        outputs.add(TextFile(TextFileOptions(str(shown)), outputs.handle))
        return Stream(Pitch(), Commentator(), StreamConfig(fps=10, chunk_s=0.5), on_message=outputs.handle)

    courtside = opened(build)
    qtbot.waitUntil(lambda: len(words(courtside)) >= 2 and shown.read_text() != "")
    courtside.outside.steering.perform("panic")
    assert not courtside.overlay.isVisible()
    assert not courtside.overlay.captions.visible(time.monotonic())
    assert courtside.window.phase is Phase.PAUSED
    qtbot.waitUntil(lambda: shown.read_text() == "")
    kept = words(courtside)
    qtbot.wait(1500)  # the round under way ends, and would have been shown
    assert shown.read_text() == ""
    assert words(courtside) == kept
    courtside.outside.steering.perform("resume")
    assert courtside.overlay.isVisible()
    assert not courtside.overlay.captions.visible(time.monotonic())
    qtbot.waitUntil(lambda: len(words(courtside)) > len(kept) and shown.read_text() != "")
    courtside.close()
    (events,) = (tmp_path / "sessions").glob("*/events.jsonl")
    records = [json.loads(line) for line in events.read_text().splitlines()]
    assert [record for record in records if record["type"] == "cleared"]


def test_a_panic_while_the_captions_were_hidden_leaves_them_hidden(opened, qtbot) -> None:
    courtside = opened()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    courtside.outside.steering.perform("hide")
    courtside.outside.steering.perform("panic")
    courtside.outside.steering.perform("panic")
    courtside.outside.steering.perform("resume")
    assert not courtside.overlay.isVisible()
    assert courtside.window.phase is Phase.LIVE


def test_a_panic_while_the_model_is_loading_holds_until_resume(opened, qtbot) -> None:
    courtside = opened(settings=Settings(source="camera"))
    courtside.start()
    courtside.outside.steering.perform("panic")
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.PAUSED)
    qtbot.wait(600)
    assert words(courtside) == []
    courtside.outside.steering.perform("resume")
    qtbot.waitUntil(lambda: len(words(courtside)) >= 1)


def test_a_toggle_does_the_one_and_then_the_other(opened, qtbot) -> None:
    courtside = opened()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    assert courtside.outside.steering.perform("toggle-pause") == {"said": "paused"}
    assert courtside.outside.steering.perform("toggle-pause") == {"said": "resumed"}
    assert courtside.outside.steering.perform("toggle-captions") == {"said": "captions hidden"}
    assert courtside.outside.steering.perform("toggle-captions") == {"said": "captions shown"}


def test_a_question_from_outside_is_answered_in_the_transcript(opened, qtbot) -> None:
    courtside = opened()
    qtbot.waitUntil(lambda: courtside.window.phase is Phase.LIVE)
    courtside.outside.steering.perform("ask", "the score?")
    qtbot.waitUntil(lambda: "Answer to the score?" in words(courtside))


def test_the_status_tells_what_is_watched(opened, qtbot) -> None:
    courtside = opened(settings=Settings(source="camera"))
    assert courtside.outside.steering.perform("status")["phase"] == "idle"
    with pytest.raises(CourtsideError, match="Nothing is watched"):
        courtside.outside.steering.perform("pause")
    courtside.start()
    qtbot.waitUntil(lambda: len(words(courtside)) >= 1)
    with pytest.raises(CourtsideError, match="There is no voice"):
        courtside.outside.steering.perform("say", "on")
    status = courtside.outside.steering.perform("status")
    assert (status["kind"], status["phase"], status["source"], status["model"]) == (
        *("window", "live", "camera", "scripted"),
    )
    assert status["lines"] >= 1
    assert status["captions"]


def test_a_question_of_the_chat_is_in_the_transcript_too(opened, qtbot) -> None:
    def build(settings: Settings, own_windows: object, outputs: Fanout) -> Stream:
        stream = Stream(Pitch(), Commentator(), StreamConfig(fps=10, chunk_s=0.5), on_message=outputs.handle)
        asking.append(stream)
        return stream

    asking: list[Stream] = []
    courtside = opened(build)
    qtbot.waitUntil(lambda: courtside.window.phase.pausable)
    steer(asking[0], "ask who leads?")  # as the chat's thread and the page's do
    qtbot.waitUntil(lambda: "who leads?" in words(courtside))
    courtside.window.question.setText("and now?")
    courtside.window.question.returnPressed.emit()
    qtbot.waitUntil(lambda: "and now?" in words(courtside))
    assert words(courtside).count("and now?") == 1
    courtside.close()
