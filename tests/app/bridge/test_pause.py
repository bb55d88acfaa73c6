"""A stream is paused and goes on: no chunk is cut, nothing reaches the engine meanwhile, the hole is told."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count, pairwise

import numpy as np

from app.bridge.pause import PauseGate
from app.bridge.stream import Stream
from core.config import StreamConfig
from core.messages import Drop, Finished, Gap, Line, Message, Paused, Ready, Resumed
from core.types import Chunk, Frame
from tests.waiting import until

IMAGE = np.zeros((4, 4, 3), np.uint8)
CONFIG = StreamConfig(fps=10.0, chunk_s=0.2)


class Clockwork:
    """Fifty frames a second for ever; at pace "max" ten, as fast as they are taken."""

    name = "clockwork"
    context = ""
    warning = ""
    live = False

    def __init__(self, *, patient: bool = False) -> None:
        self._patient = patient
        self._ended = threading.Event()
        self._frames = count()

    def open(self) -> None:
        pass

    def read(self) -> Frame | None:
        if self._ended.wait(0 if self._patient else 0.02):
            return None
        return Frame(IMAGE, time.monotonic(), next(self._frames) / (10 if self._patient else 50))

    def interrupt(self) -> None:
        self._ended.set()

    def close(self) -> None:
        pass


class Listener:
    """A host that counts its chunks and says a line for each."""

    def __init__(self) -> None:
        self.chunks: list[Chunk] = []

    def start(self, on_progress: object = None) -> Ready:
        return Ready("listener", "cpu", "float32", 1, 0.0)

    def interrupt(self) -> None:
        pass

    def prepare_shapes(self, picture: object) -> None:
        pass

    def prefill_ahead(self, partial: Chunk) -> tuple[()]:
        return ()

    def step(self, chunk: Chunk) -> Iterator[Message]:
        self.chunks.append(chunk)
        time.sleep(0.001)
        yield Line(chunk.index, chunk.start, chunk.end, "words", chunk.captured_at, time.monotonic())

    def send(self, command: object) -> None:
        pass

    def close(self) -> None:
        pass


@contextmanager
def running(pace: str = "live") -> Iterator[tuple[Stream, Listener, list[Message]]]:
    messages: list[Message] = []
    host = Listener()
    stream = Stream(Clockwork(patient=pace == "max"), host, CONFIG, on_message=messages.append, pace=pace)  # type: ignore[arg-type]
    stream.start()
    try:
        yield stream, host, messages
    finally:
        stream.stop()
    assert isinstance(messages[-1], Finished)


def of(kind: type, messages: list[Message]) -> list:
    return [message for message in messages if isinstance(message, kind)]


def test_while_paused_the_engine_gets_nothing_and_then_a_gap_is_told() -> None:
    with running() as (stream, host, messages):
        until(lambda: len(host.chunks) >= 2)
        stream.pause()
        until(lambda: of(Paused, messages))
        seen = len(host.chunks)
        offered = stream.mailbox.frames_in
        shown = stream.mailbox.latest()
        time.sleep(0.7)
        assert len(host.chunks) == seen
        assert stream.mailbox.frames_in == offered
        assert stream.mailbox.latest() is not shown
        stream.resume()
        until(lambda: len(host.chunks) >= seen + 2)
    (paused,), (resumed,), (gap,) = (of(kind, messages) for kind in (Paused, Resumed, Gap))
    assert gap == Gap(paused.at, resumed.at, "paused")
    assert paused.at == host.chunks[seen - 1].end
    assert resumed.at == host.chunks[seen].start
    assert gap.end - gap.start > 0.55
    assert [type(message) for message in messages if isinstance(message, Paused | Resumed | Gap)] == [
        Paused,
        Resumed,
        Gap,
    ]
    assert not of(Drop, messages)


def test_where_the_source_waits_nothing_is_missed() -> None:
    with running("max") as (stream, host, messages):
        until(lambda: len(host.chunks) >= 5)
        stream.pause()
        until(lambda: of(Paused, messages))
        seen = len(host.chunks)
        time.sleep(0.2)
        assert len(host.chunks) == seen
        stream.resume()
        until(lambda: len(host.chunks) >= seen + 5)
    assert [chunk.index for chunk in host.chunks] == list(range(len(host.chunks)))
    assert of(Paused, messages)[0].at == of(Resumed, messages)[0].at == host.chunks[seen].start
    assert not of(Gap, messages)


def test_a_pause_taken_back_within_a_chunk_is_none() -> None:
    told: list[Message] = []
    pause = PauseGate(1.0, waits=False)
    assert pause.admits(0.0, told.append)
    pause.set_watched(False)
    assert pause.admits(0.5, told.append)
    pause.set_watched(True)
    assert pause.admits(1.0, told.append)
    assert told == []


def test_a_stream_is_stopped_while_it_is_paused() -> None:
    for pace in ("live", "max"):
        with running(pace) as (stream, host, messages):
            until(lambda: host.chunks)
            stream.pause()
            until(lambda: of(Paused, messages))
        assert not of(Gap, messages)


def test_paused_and_resumed_all_the_time_nothing_is_told_twice() -> None:
    with running() as (stream, _, messages):
        end = time.monotonic() + 2
        while time.monotonic() < end:
            stream.pause()
            time.sleep(0.07)
            stream.resume()
            time.sleep(0.05)
    turns = [message for message in messages if isinstance(message, Paused | Resumed)]
    assert len(turns) > 1
    assert all(type(a) is not type(b) and a.at < b.at for a, b in pairwise(turns))
    lines = of(Line, messages)
    holes = [(a.end, b.start) for a, b in pairwise(lines) if b.start - a.end > 0.1]
    assert len(holes) <= len(of(Gap, messages)) <= len(holes) + 1
