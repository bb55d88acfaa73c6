"""A run of the stream that is stopped before it has begun."""

from __future__ import annotations

import threading

from app.session.take import Take
from app.window.broadcast import Broadcast
from core.errors import SourceError
from core.messages import Ask, Failure, Finished, Message


class Unstarted:
    """A stream that must not start."""

    def start(self) -> None:
        raise AssertionError("started after a stop")


class Session:
    """Notes whether it was closed."""

    closed = False

    def close(self) -> None:
        self.closed = True


def test_stopped_while_it_is_built_it_never_starts() -> None:
    heard: list[Message] = []
    go_on = threading.Event()
    session = Session()

    def build() -> Take:
        go_on.wait()
        return Take(Unstarted(), session)  # type: ignore[arg-type]

    broadcast = Broadcast(build, heard.append)
    broadcast.start()
    broadcast.send(Ask("Anyone there?"))
    broadcast.request_stop()
    go_on.set()
    broadcast.join()
    assert heard == [Finished(0)]
    assert session.closed
    assert broadcast.latest() is None
    assert broadcast.frames_in == 0


def test_what_cannot_be_built_is_one_failure_and_the_end() -> None:
    heard: list[Message] = []

    def build() -> Take:
        raise SourceError("No such camera", "Plug one in.")

    broadcast = Broadcast(build, heard.append)
    broadcast.start()
    broadcast.join()
    assert heard == [Failure("No such camera", "Plug one in."), Finished(0)]
