"""Outputs that are switched on, off and over while their stream runs: real files, a real page."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from app.outputs.chosen_outputs import ChosenOutputs
from app.outputs.output_kind import StreamRun
from app.settings import Settings
from core.config import resolve
from core.messages import Failure, Finished, Line, Message, Paused, Ready
from core.output_messages import PageServed
from tests.app.controllers.test_stream_builder import Window
from tests.waiting import until

READY = Ready("arena", "cpu", "float32", 9, 0.1)


class Stream:
    """What the outputs know of one."""

    def __init__(self) -> None:
        self.window = Window()
        self.outputs = ChosenOutputs([self.window])

    def settings(self, **outputs: dict[str, object]) -> Settings:
        return Settings(source="arena", record=False, outputs=outputs)

    def open(self, settings: Settings) -> None:
        run = StreamRun("arena", "arena", resolve({}), self.outputs.handle, lambda line: None)
        self.outputs.open(settings, run)

    def change(self, settings: Settings) -> None:
        self.outputs.change(settings)
        self.outputs.join()

    def say(self, *messages: Message) -> None:
        for message in messages:
            self.outputs.handle(message)


@pytest.fixture
def stream() -> Iterator[Stream]:
    stream = Stream()
    yield stream
    stream.say(Finished(1))
    stream.outputs.join()


def line(text: str) -> Line:
    return Line(1, 0.0, 1.0, text, time.monotonic(), time.monotonic())


def test_another_file_is_written_from_the_change_on_and_the_first_is_emptied(stream: Stream, tmp_path: Path) -> None:
    first = tmp_path / "first.txt"
    second = tmp_path / "second.txt"
    stream.open(stream.settings(text_file={"path": str(first)}))
    stream.say(READY, line("To the first."))
    until(lambda: first.read_text() == "To the first.\n")
    stream.change(stream.settings(text_file={"path": str(second)}))
    stream.say(line("To the second."))
    until(lambda: second.read_text() == "To the second.\n")
    assert first.read_text() == ""
    stream.change(stream.settings(text_file={"path": str(second), "on": False}))
    stream.say(line("To nobody."))
    assert second.read_text() == ""


def test_what_has_not_changed_goes_on_undisturbed(stream: Stream, tmp_path: Path) -> None:
    page = {"port": 0}
    stream.open(stream.settings(page=page))
    stream.say(READY)
    stream.change(stream.settings(page=page, text_file={"path": str(tmp_path / "now.txt")}))
    assert len([message for message in stream.window.shown if isinstance(message, PageServed)]) == 1


def test_a_page_that_comes_late_knows_that_the_stream_is_paused(stream: Stream) -> None:
    stream.open(stream.settings())
    stream.say(READY, Paused(3.0))
    stream.change(stream.settings(page={"port": 0}))
    (served,) = [message for message in stream.window.shown if isinstance(message, PageServed)]
    with urlopen(f"{served.url}events", timeout=10) as events:
        told = events.readline()
    assert json.loads(told.removeprefix(b"data:"))["state"] == "paused"


def test_what_is_chosen_while_the_stream_is_being_built_counts(stream: Stream, tmp_path: Path) -> None:
    path = tmp_path / "soon.txt"
    stream.outputs.change(stream.settings(text_file={"path": str(path)}))
    stream.open(stream.settings())
    stream.outputs.join()
    stream.say(READY, line("Here."))
    until(lambda: path.read_text() == "Here.\n")


def test_one_that_cannot_be_opened_is_told_and_can_be_mended(stream: Stream, tmp_path: Path) -> None:
    path = tmp_path / "now.txt"
    stream.open(stream.settings())
    stream.change(stream.settings(obs={"url": "localhost"}, text_file={"path": str(path)}))
    (told,) = [message for message in stream.window.shown if isinstance(message, Failure)]
    assert (told.fatal, told.title) == (False, "Unknown address of OBS")
    stream.say(line("All the same."))
    until(lambda: path.read_text() == "All the same.\n")


def test_nothing_is_opened_once_the_stream_has_ended(tmp_path: Path) -> None:
    stream = Stream()
    path = tmp_path / "never.txt"
    stream.open(stream.settings())
    stream.say(Finished(1))
    stream.change(stream.settings(text_file={"path": str(path)}))
    assert not path.exists()
    assert threading.active_count() == 1
