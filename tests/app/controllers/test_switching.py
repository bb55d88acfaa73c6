"""Another model, another source, in the middle of a stream: one session, with the words so far. With real engines."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.bridge.stream import Stream
from app.capture.source import CaptureExclusions
from app.controllers.stream_builder import build_stream, continue_stream
from app.outputs.chosen_outputs import ChosenOutputs
from app.session.events import read_session
from app.settings import Settings
from app.window.phase import Phase
from app.window.stream_session import StreamSession
from core.errors import SourceError
from core.messages import Failure, Finished, Gap, Line, Message, Ready, Stats, TextMemory
from tests.parity.checkpoints import write_checkpoint

ARENA = Settings(source="arena:3", context="Be kind")
PATIENCE_S = 120.0


class Heard:
    """An output that keeps what it is told."""

    name = "The test"

    def __init__(self) -> None:
        self.messages: list[Message] = []
        self._changed = threading.Condition()

    def handle(self, message: Message) -> None:
        with self._changed:
            self.messages.append(message)
            self._changed.notify_all()

    def close(self) -> None:
        pass

    def of(self, kind: type) -> list[Any]:
        return [message for message in list(self.messages) if isinstance(message, kind)]

    def wait_for(self, condition: Callable[[], object]) -> None:
        with self._changed:
            assert self._changed.wait_for(condition, PATIENCE_S), self.messages[-3:]


@pytest.fixture(scope="module")
def other_model(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A checkpoint with another tokenizer than the bundled one's."""
    shape = {"layers": 1, "hidden": 32, "vision_layers": 1, "tied": True}
    return str(write_checkpoint(tmp_path_factory.mktemp("other"), 4, **shape))


@pytest.fixture
def running(tmp_path: Path) -> Iterator[tuple[StreamSession, ChosenOutputs, Heard, list[Stream]]]:
    """A session with the bundled model in the arena, two rounds old."""
    heard = Heard()
    outputs = ChosenOutputs([heard])
    streams: list[Stream] = []

    def build() -> Stream:
        streams.append(build_stream(ARENA, CaptureExclusions(), outputs))
        return streams[-1]

    session = StreamSession(build, outputs.handle)
    session.start()
    heard.wait_for(lambda: len(heard.of(Stats)) >= 2)
    yield session, outputs, heard, streams
    session.request_stop()
    session.join()
    outputs.close()


def switched(running: Any, settings: Settings) -> None:
    """Goes on as these settings say, and waits for two rounds of that."""
    session, outputs, heard, streams = running

    def build(before: Stream) -> Stream:
        streams.append(continue_stream(settings, CaptureExclusions(), outputs, before))
        return streams[-1]

    rounds = len(heard.of(Stats))
    readies = len(heard.of(Ready))
    assert session.switch(build)
    heard.wait_for(lambda: len(heard.of(Ready)) > readies)
    rounds = len(heard.of(Stats))
    heard.wait_for(lambda: len(heard.of(Stats)) >= rounds + 2)


def remembered(stream: Stream) -> TextMemory:
    """What it leaves when it is ended."""
    memory = stream.suspend().memory
    assert memory is not None
    return memory


@pytest.mark.parametrize("what", ["source", "dtype"])
def test_the_words_go_over_to_the_same_model(running: Any, what: str, tmp_path: Path) -> None:
    _, _, heard, streams = running
    change: dict[str, Any] = {"source": "arena:8"} if what == "source" else {"dtype": "bfloat16"}
    switched(running, replace(ARENA, **change))
    before = [line.text for line in heard.of(Line) if line.text]
    memory = remembered(streams[-1])
    assert before, "nothing was said before the switch"
    assert before[0] in memory.words
    rounds = [stats.round for stats in heard.of(Stats)]
    assert rounds == list(range(len(rounds)))
    starts = [line.start for line in heard.of(Line)]
    assert starts == sorted(set(starts))
    (gap,) = [gap for gap in heard.of(Gap) if gap.reason == "another source or model"]
    assert gap.end == next(start for start in starts if start >= gap.end)
    assert not heard.of(Finished)
    (folder,) = (tmp_path / "sessions").iterdir()
    kept = [event for event in read_session(folder).events if event["type"] == "gap"]
    assert gap.reason in [event["reason"] for event in kept]


def test_the_words_are_tokenised_anew_for_another_model(running: Any, other_model: str) -> None:
    _, _, heard, streams = running
    heard.wait_for(lambda: any(line.text for line in heard.of(Line)))
    said = next(line.text for line in heard.of(Line) if line.text)
    switched(running, replace(ARENA, model=other_model))
    memory = remembered(streams[-1])
    assert said in memory.words
    assert heard.of(Ready)[-1].parameters != heard.of(Ready)[0].parameters


def test_what_cannot_be_is_told_and_the_old_one_goes_on(running: Any) -> None:
    session, outputs, heard, _ = running
    assert session.switch(
        lambda before: continue_stream(replace(ARENA, source="gone.mp4"), CaptureExclusions(), outputs, before)
    )
    heard.wait_for(lambda: heard.of(Failure))
    assert not heard.of(Failure)[0].fatal
    rounds = len(heard.of(Stats))
    heard.wait_for(lambda: len(heard.of(Stats)) > rounds)
    with pytest.raises(SourceError):
        build_stream(replace(ARENA, source="gone.mp4"), CaptureExclusions(), outputs)


def test_a_pause_lasts_over_it(running: Any) -> None:
    session, outputs, heard, streams = running
    session.pause(True)
    assert session.switch(
        lambda before: continue_stream(replace(ARENA, source="arena:8"), CaptureExclusions(), outputs, before)
    )
    heard.wait_for(lambda: len(heard.of(Ready)) == 2)
    rounds = len(heard.of(Stats))
    time.sleep(2.0)
    assert len(heard.of(Stats)) == rounds
    streams[0].current.resume()
    heard.wait_for(lambda: len(heard.of(Stats)) > rounds)


def test_the_window_offers_it_where_something_else_is_chosen(opened: Callable[..., Any], qtbot: Any) -> None:
    courtside = opened(build_stream, ARENA)
    window = courtside.window
    qtbot.waitUntil(lambda: window.phase is Phase.LIVE, timeout=120_000)
    switch = window.switch_button
    heard = Heard()
    courtside.fanout.add(heard)
    assert not switch.isVisible()
    window.picker.set_spec("arena:9")
    assert switch.isVisible()
    said = window.transcript.rowCount()
    window.user_actions.switch.trigger()
    assert not switch.isVisible()
    qtbot.waitUntil(lambda: bool(heard.of(Ready)), timeout=120_000)
    assert window.phase is Phase.LIVE
    assert window.transcript.rowCount() >= said
    assert courtside.status.record()["source"] == "arena:9"
    courtside.settings = replace(courtside.settings, dtype="bfloat16")
    courtside.switching.offer()
    assert switch.isVisible()
