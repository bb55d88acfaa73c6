"""A run of the stream that is stopped before it has begun."""

from __future__ import annotations

import threading

from app.bridge.mailbox import FrameCounts
from app.bridge.stream import Stream
from app.outputs.fanout import Fanout
from app.window.stream_session import StreamSession
from core.errors import SourceError
from core.messages import Ask, Failure, Finished, Message


class Unstarted:
    """A stream that must not start."""

    def start(self) -> None:
        raise AssertionError("started after a stop")


class OpenOutput:
    """Notes what it was given and whether it was closed."""

    name = "A test"

    def __init__(self) -> None:
        self.heard: list[Message] = []
        self.closed = False

    def handle(self, message: Message) -> None:
        self.heard.append(message)

    def close(self) -> None:
        self.closed = True


def test_stopped_while_it_is_built_it_never_starts() -> None:
    go_on = threading.Event()
    output = OpenOutput()
    outputs = Fanout()

    def build() -> Stream:
        outputs.add(output)
        go_on.wait()
        return Unstarted()  # type: ignore[return-value]

    session = StreamSession(build, outputs.handle)
    session.start()
    session.send(Ask("Anyone there?"))
    session.request_stop()
    go_on.set()
    session.join()
    assert output.heard == [Finished(0)]
    assert output.closed
    assert session.latest() is None
    assert session.frame_counts == FrameCounts()


def test_what_cannot_be_built_is_one_failure_and_the_end() -> None:
    heard: list[Message] = []

    def build() -> Stream:
        raise SourceError("No such camera", "Plug one in.")

    session = StreamSession(build, heard.append)
    session.start()
    session.join()
    assert heard == [Failure("No such camera", "Plug one in."), Finished(0)]
