"""A run of the stream that is stopped before it has begun."""

from __future__ import annotations

import threading

from app.session.recorded_stream import RecordedStream
from app.window.stream_session import StreamSession
from core.errors import SourceError
from core.messages import Ask, Failure, Finished, Message


class Unstarted:
    """A stream that must not start."""

    def start(self) -> None:
        raise AssertionError("started after a stop")


class OpenRecorder:
    """Notes whether it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


def test_stopped_while_it_is_built_it_never_starts() -> None:
    heard: list[Message] = []
    go_on = threading.Event()
    recorder = OpenRecorder()

    def build() -> RecordedStream:
        go_on.wait()
        return RecordedStream(Unstarted(), recorder)  # type: ignore[arg-type]

    session = StreamSession(build, heard.append)
    session.start()
    session.send(Ask("Anyone there?"))
    session.request_stop()
    go_on.set()
    session.join()
    assert heard == [Finished(0)]
    assert recorder.closed
    assert session.latest() is None
    assert session.frames_in == 0


def test_what_cannot_be_built_is_one_failure_and_the_end() -> None:
    heard: list[Message] = []

    def build() -> RecordedStream:
        raise SourceError("No such camera", "Plug one in.")

    session = StreamSession(build, heard.append)
    session.start()
    session.join()
    assert heard == [Failure("No such camera", "Plug one in."), Finished(0)]
