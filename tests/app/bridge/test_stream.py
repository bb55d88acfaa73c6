"""The stream from a source to messages, with a source and a host that do what the test says."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator

import numpy as np
import pytest

from app.bridge.stream import Stream
from core.config import StreamConfig
from core.errors import CheckpointError, EngineError, SourceError
from core.messages import Ask, CommandSent, Drop, Failure, Finished, Gap, Line, Loading, Message, Ready, Steer
from core.types import Chunk, Frame
from tests.quiet_clock import lost_s, quiet_s
from tests.waiting import PATIENCE_S

IMAGE = np.zeros((4, 4, 3), np.uint8)


class TestSource:
    """Gives the frames of `times`, as fast as they are read, then ends as `end` says."""

    __test__ = False
    name = "test"
    context = ""
    warning = ""

    def __init__(self, times: list[float], *, live: bool = False, end: Exception | None = None) -> None:
        self.live = live
        self.threads: set[str] = set()
        self.closed = 0
        self._times = iter(times)
        self._end = end
        self._interrupted = threading.Event()

    def open(self) -> None:
        self.threads.add(threading.current_thread().name)

    def read(self) -> Frame | None:
        self.threads.add(threading.current_thread().name)
        seconds = next(self._times, None)
        if seconds is None and self._end is not None:
            raise self._end
        if seconds is None or self._interrupted.is_set():
            return None
        return Frame(IMAGE, time.monotonic(), seconds)

    def interrupt(self) -> None:
        self._interrupted.set()

    def close(self) -> None:
        self.threads.add(threading.current_thread().name)
        self.closed += 1


class EndlessSource(TestSource):
    """A live source of 50 frames a second."""

    def __init__(self) -> None:
        super().__init__([], live=True)
        self.frames = 0

    def read(self) -> Frame | None:
        if self._interrupted.wait(0.02):
            return None
        self.frames += 1
        return Frame(IMAGE, time.monotonic(), self.frames / 50)


class TestHost:
    """Says one line a round, after `before` has been called."""

    __test__ = False

    def __init__(self, before: Callable[[Chunk], None] = lambda chunk: None) -> None:
        self.chunks: list[Chunk] = []
        self.looks: list[Chunk] = []
        self.met: list[np.ndarray] = []
        self.commands: list[object] = []
        self.closed = 0
        self.may_start = threading.Event()
        self.may_start.set()
        self._before = before

    def interrupt(self) -> None:
        pass

    def start(self, on_progress: object = None) -> Ready:
        self.may_start.wait(PATIENCE_S)
        return Ready("test", "cpu", "float32", 1, 0.0)

    def prepare_shapes(self, picture: np.ndarray) -> None:
        self.met.append(picture)

    def prefill_ahead(self, partial: Chunk) -> Iterable[Message]:
        return self.looks.append(partial) or ()

    def step(self, chunk: Chunk) -> Iterator[Message]:
        self._before(chunk)
        self.chunks.append(chunk)
        yield Line(chunk.index, chunk.start, chunk.end, "words", chunk.captured_at, time.monotonic())

    def send(self, command: object) -> None:
        self.commands.append(command)

    def close(self) -> None:
        self.closed += 1


def run(source: TestSource, host: TestHost, **options: object) -> list[Message]:
    messages: list[Message] = []
    stream = Stream(source, host, StreamConfig(fps=2.0), on_message=messages.append, **{"pace": "max", **options})
    stream.start()
    assert stream.join(PATIENCE_S)
    assert host.closed == source.closed == 1
    assert source.threads == {"capture"}
    assert sum(isinstance(message, Finished) for message in messages) == 1
    assert isinstance(messages[-1], Finished)
    return messages


def of(kind: type, messages: list[Message]) -> list:
    return [message for message in messages if isinstance(message, kind)]


def test_every_second_of_a_source_becomes_a_round() -> None:
    host = TestHost()
    messages = run(TestSource([i / 30 for i in range(300)]), host)
    assert isinstance(messages[0], Ready)
    assert [(line.start, line.end) for line in of(Line, messages)] == [(i, i + 1) for i in range(10)]
    assert not of(Drop, messages)
    assert messages[-1] == Finished(10)
    assert all(np.shape(chunk.frames) == (2, 4, 4, 3) for chunk in host.chunks)


@pytest.mark.parametrize("live", [True, False])
def test_the_engine_meets_a_picture_before_it_is_said_to_be_ready(live: bool) -> None:
    host = TestHost()
    told = []
    host.may_start.clear()
    source = EndlessSource() if live else TestSource([i / 30 for i in range(90)])

    def tell(message: Message) -> None:
        told.append((type(message), len(host.met)))

    stream = Stream(source, host, StreamConfig(), on_message=tell, seconds=1.0)
    stream.start()
    while stream.mailbox.latest() is None:
        time.sleep(0.01)
    host.may_start.set()
    assert stream.join(PATIENCE_S)
    assert told[0] == (Ready, 1)
    assert host.met[0] is IMAGE


def test_live_frames_are_shown_to_the_engine_as_they_come() -> None:
    host = TestHost()
    config = StreamConfig(fps=10.0, chunk_s=0.5)
    stream = Stream(EndlessSource(), host, config, on_message=lambda message: None, seconds=1.5)
    stream.start()
    assert stream.join(PATIENCE_S)
    assert len(host.chunks) == 3
    by_chunk = {chunk.index: chunk for chunk in host.chunks}
    counts = [(begun.index, len(begun.frames)) for begun in host.looks]
    assert len(counts) > 2
    assert counts == sorted(set(counts))
    for begun in host.looks:
        assert begun.frames == by_chunk[begun.index].frames[: len(begun.frames)]


def test_nothing_is_shown_ahead_while_frames_wait_nor_at_pace_max() -> None:
    host = TestHost(lambda chunk: time.sleep(0.6))
    config = StreamConfig(fps=10.0, chunk_s=0.4)
    stream = Stream(EndlessSource(), host, config, on_message=lambda message: None, seconds=1.2)
    stream.start()
    assert stream.join(PATIENCE_S)
    assert not [begun for begun in host.looks if begun.index == 1]
    host = TestHost()
    run(TestSource([i / 30 for i in range(90)]), host)
    assert not host.looks


def test_at_pace_max_a_slow_engine_loses_nothing() -> None:
    messages = run(TestSource([i / 2 for i in range(40)]), TestHost(lambda chunk: time.sleep(0.005)))
    assert len(of(Line, messages)) == 20
    assert not of(Drop, messages)


def test_a_slow_engine_drops_the_oldest_and_says_so() -> None:
    host = TestHost(lambda chunk: time.sleep(0.6))
    messages: list[Message] = []
    before = lost_s()
    config = StreamConfig(fps=25.0, chunk_s=0.2)
    stream = Stream(EndlessSource(), host, config, on_message=messages.append, seconds=2)
    stream.start()
    assert stream.join(PATIENCE_S)
    dropped = sum(drop.frames for drop in of(Drop, messages))
    assert dropped > 0
    assert stream.mailbox.frames_dropped["behind"] == sum(d.frames for d in of(Drop, messages) if d.cause == "behind")
    assert 5 * len(of(Line, messages)) + dropped == stream.mailbox.frames_in == 50
    ages = [line.shown_at - line.captured_at for line in of(Line, messages)]
    assert max(ages) < 2.0 + lost_s() - before


def test_seconds_end_a_stream_on_the_source_clock() -> None:
    messages = run(TestSource([i / 30 for i in range(3000)]), TestHost(), seconds=3)
    assert messages[-1] == Finished(3)
    assert not of(Drop, messages)


def test_a_live_source_is_watched_from_when_the_model_is_ready() -> None:
    source = EndlessSource()
    host = TestHost()
    host.may_start.clear()
    messages: list[Message] = []
    stream = Stream(source, host, StreamConfig(fps=10.0), on_message=messages.append, seconds=1)
    stream.start()
    while source.frames < 20:
        time.sleep(0.01)
    assert stream.mailbox.latest() is not None
    assert stream.mailbox.frames_in == 0
    ready_at = time.monotonic()
    host.may_start.set()
    assert stream.join(PATIENCE_S)
    assert [chunk.start for chunk in host.chunks] == [0.0]
    assert host.chunks[0].captured_at > ready_at
    assert not of(Drop, messages)


def test_a_file_waits_for_the_model_and_is_not_stale() -> None:
    host = TestHost()
    host.may_start.clear()
    source = TestSource([i / 2 for i in range(8)])
    messages: list[Message] = []
    stream = Stream(source, host, StreamConfig(fps=2.0), on_message=messages.append, pace="max")
    stream.start()
    while stream.mailbox.latest() is None:
        time.sleep(0.005)
    ready_at = time.monotonic()
    host.may_start.set()
    assert stream.join(PATIENCE_S)
    assert [chunk.start for chunk in host.chunks] == [0.0, 1.0, 2.0, 3.0]
    assert host.chunks[0].captured_at > ready_at


def test_lost_frames_are_told_as_a_drop_and_a_gap() -> None:
    times = [i / 2 for i in range(12) if i not in (4, 6, 7)]
    messages = run(TestSource(times), TestHost())
    assert of(Drop, messages) == [Drop("incomplete", 1, 2.5)]
    assert [(gap.start, gap.end) for gap in of(Gap, messages)] == [(2.0, 4.0)]
    assert [line.round for line in of(Line, messages)] == [0, 1, 4, 5]


def test_a_source_that_breaks_ends_the_stream_after_what_it_gave() -> None:
    source = TestSource([i / 2 for i in range(8)], end=SourceError("Camera gone", "it was unplugged"))
    messages = run(source, TestHost())
    assert len(of(Line, messages)) == 4
    assert of(Failure, messages) == [Failure("Camera gone", "it was unplugged")]


def test_a_source_that_ends_early_is_told_as_no_failure() -> None:
    source = TestSource([i / 2 for i in range(8)])
    source.warning = "cut off"
    messages = run(source, TestHost())
    assert of(Failure, messages) == [Failure("The source ended early", "cut off", fatal=False)]


@pytest.mark.parametrize("source", [TestSource([0.0, 0.5]), EndlessSource()], ids=["file", "live"])
def test_a_model_that_does_not_load_is_one_failure(source: TestSource) -> None:
    class NoModel(TestHost):
        def start(self, on_progress: object = None) -> Ready:
            raise CheckpointError("Incomplete checkpoint", "download it again")

    messages = run(source, NoModel())
    assert messages == [Failure("Incomplete checkpoint", "download it again"), Finished(0)]


def test_an_engine_that_stops_is_one_failure() -> None:
    def fail(chunk: Chunk) -> None:
        if chunk.index == 2:
            raise EngineError("Out of memory", "use a smaller window")

    messages = run(TestSource([i / 2 for i in range(40)]), TestHost(fail))
    assert of(Failure, messages) == [Failure("Out of memory", "use a smaller window")]
    assert messages[-1] == Finished(2)


@pytest.mark.expects_log("the stream failed")
@pytest.mark.parametrize("where", ["source", "host"])
def test_a_bug_is_told_by_its_type_and_logged(where: str) -> None:
    def fail(chunk: Chunk) -> None:
        raise KeyError("secret")

    if where == "host":
        messages = run(TestSource([i / 2 for i in range(4)]), TestHost(fail))
    else:
        messages = run(TestSource([0.0], end=KeyError("secret")), TestHost())
    assert [failure.title for failure in of(Failure, messages)] == ["The stream stopped"]
    assert "KeyError" in of(Failure, messages)[0].message


@pytest.mark.parametrize("when", ["loading", "running"])
def test_stop_is_clean_at_any_time_and_from_many_threads(when: str) -> None:
    source = EndlessSource()
    host = TestHost()
    messages = []
    if when == "loading":
        host.may_start.clear()
    stream = Stream(source, host, StreamConfig(fps=25.0, chunk_s=0.2), on_message=messages.append)
    stream.start()
    while not (source.frames if when == "loading" else host.chunks):
        time.sleep(0.005)
    stoppers = [threading.Thread(target=stream.stop) for _ in range(3)]
    for stopper in stoppers:
        stopper.start()
    host.may_start.set()
    for stopper in stoppers:
        stopper.join(PATIENCE_S)
    stream.stop()
    assert host.closed == source.closed == 1
    assert isinstance(messages[-1], Finished)
    assert not of(Failure, messages)


def test_stop_before_start_and_from_a_message() -> None:
    Stream(TestSource([]), TestHost(), StreamConfig(), on_message=print).stop()
    source = EndlessSource()
    host = TestHost()
    messages: list[Message] = []

    def hear(message: Message) -> None:
        messages.append(message)
        if isinstance(message, Line):
            stream.stop()

    stream = Stream(source, host, StreamConfig(fps=25.0, chunk_s=0.2), on_message=hear)
    stream.start()
    assert stream.join(PATIENCE_S)
    assert isinstance(messages[-1], Finished)


def test_a_question_reaches_the_host() -> None:
    host = TestHost()
    Stream(TestSource([]), host, StreamConfig(), on_message=print).send(Ask("Who has the ball?"))
    assert host.commands == [Ask("Who has the ball?")]


class Downloading(TestHost):
    """Tells how far it is, then loads until it is interrupted."""

    def __init__(self) -> None:
        super().__init__()
        self._interrupted = threading.Event()

    def start(self, on_progress: Callable[[Loading], None]) -> Ready:
        for done in range(3):
            on_progress(Loading("downloading", done, 2))
        self._interrupted.wait(PATIENCE_S)
        raise EngineError("Loading stopped", "it was not wanted any more")

    def interrupt(self) -> None:
        self._interrupted.set()


def test_a_download_is_told_and_its_end_by_a_stop_is_no_failure() -> None:
    host = Downloading()
    told = threading.Event()
    messages: list[Message] = []

    def hear(message: Message) -> None:
        messages.append(message)
        if message == Loading("downloading", 2, 2):
            told.set()

    stream = Stream(EndlessSource(), host, StreamConfig(), on_message=hear)
    stream.start()
    assert told.wait(PATIENCE_S)
    begun = quiet_s()
    stream.stop()
    assert quiet_s() - begun < 2
    assert messages == [Loading("downloading", done, 2) for done in range(3)] + [Finished(0)]
    assert host.closed == 1


def test_a_command_reaches_the_engine_and_the_outputs_with_what_the_source_knows() -> None:
    host = TestHost()
    messages: list[Message] = []
    stream = Stream(
        EndlessSource(), host, StreamConfig(), on_message=messages.append, source_context="Harbour (orange) v Union"
    )
    before = time.monotonic()
    commands = [Steer(context="Be brief"), Steer(query="Only goals"), Ask("Who leads?")]
    for command in commands:
        stream.send(command)
    assert host.commands == [Steer(context="Harbour (orange) v Union\nBe brief"), *commands[1:]]
    assert [sent.command for sent in of(CommandSent, messages)] == host.commands
    assert all(before <= sent.asked_at <= time.monotonic() for sent in of(CommandSent, messages))
