"""An output with a queue and a thread of its own: a slow one does not slow the stream."""

from __future__ import annotations

import threading
import time

import pytest

from app.outputs.fanout import Fanout
from app.outputs.queued_output import CLOSE_WITHIN_S, QueuedOutput
from core.messages import Failure, Finished, Line, Message, Piece
from tests.quiet_clock import quiet_s
from tests.waiting import PATIENCE_S


def line(number: int) -> Line:
    return Line(number, number, number + 1, f"line {number}", 0.0, 0.1)


class Slow(QueuedOutput):
    """Writes nothing before its gate is opened."""

    name = "The slow one"

    def __init__(self, *, open_: bool = False, capacity: int = 4, waits: bool = False) -> None:
        super().__init__(capacity=capacity, waits=waits)
        self.gate = threading.Event()
        self.taken = threading.Event()
        self.written: list[Message | str] = []
        self.threads: set[int] = set()
        if open_:
            self.gate.set()

    def begin(self) -> None:
        self.written.append("begin")

    def write(self, message: Message) -> None:
        self.taken.set()
        self.gate.wait()
        self.threads.add(threading.get_ident())
        self.written.append(message)

    def end(self) -> None:
        self.written.append("end")


class Refusing(QueuedOutput):
    """Raises at its first message."""

    name = "The refusing one"

    def __init__(self, *, capacity: int = 4, waits: bool = False) -> None:
        super().__init__(capacity=capacity, waits=waits)
        self.ended = threading.Event()

    def write(self, message: Message) -> None:
        raise ConnectionRefusedError("nobody listens")

    def end(self) -> None:
        self.ended.set()


def test_messages_are_written_in_order_in_one_other_thread() -> None:
    output = Slow(open_=True, capacity=64)
    messages = [line(number) for number in range(30)]
    for message in messages:
        output.handle(message)
    output.close()
    assert output.written == ["begin", *messages, "end"]
    assert len(output.threads) == 1
    assert threading.get_ident() not in output.threads
    assert output.dropped == 0


def test_a_full_queue_drops_pieces_first_and_never_holds_the_stream() -> None:
    output = Slow()
    output.handle(line(0))
    output.taken.wait(PATIENCE_S)  # it is stuck with that one; four may wait
    begun = quiet_s()
    for message in (Piece(1, "a"), line(1), Piece(2, "b"), line(2), line(3), line(4), line(5)):
        output.handle(message)
    assert quiet_s() - begun < 0.5
    output.gate.set()
    output.close()
    assert output.written == ["begin", line(0), line(2), line(3), line(4), line(5), "end"]
    assert output.dropped == 3


def test_one_that_waits_holds_the_stream_back_and_loses_nothing() -> None:
    output = Slow(waits=True)
    messages = [line(number) for number in range(40)]
    stream = threading.Thread(target=lambda: [output.handle(message) for message in messages])
    stream.start()
    stream.join(0.2)
    assert stream.is_alive()
    output.gate.set()
    stream.join(PATIENCE_S)
    output.close()
    assert output.written == ["begin", *messages, "end"]


def test_one_that_is_stuck_holds_the_end_up_for_a_short_time_only() -> None:
    output = Slow()
    for number in range(3):
        output.handle(line(number))
    output.taken.wait(PATIENCE_S)
    begun = time.monotonic()
    quiet = quiet_s()
    output.close()
    assert time.monotonic() - begun > CLOSE_WITHIN_S - 0.1
    assert quiet_s() - quiet < CLOSE_WITHIN_S + 1
    assert output.stuck
    output.gate.set()


@pytest.mark.expects_log("The refusing one failed")
@pytest.mark.parametrize("waits", [False, True])
def test_an_error_of_its_thread_switches_it_off(waits: bool) -> None:
    told: list[Message] = []

    class Window:
        name = "The window"

        def handle(self, message: Message) -> None:
            told.append(message)

        def close(self) -> None:
            pass

    output = Refusing(waits=waits)
    outputs = Fanout([Window()])
    outputs.add(output)
    outputs.handle(line(0))
    assert output.ended.wait(PATIENCE_S)
    for thread in threading.enumerate():
        if thread.name == Refusing.__name__:
            thread.join(PATIENCE_S)
    for number in range(1, 20):
        outputs.handle(line(number))
    outputs.handle(Finished(20))
    (failure,) = [message for message in told if isinstance(message, Failure)]
    assert (failure.title, failure.fatal) == ("The refusing one is switched off", False)
    assert "nobody listens" in failure.message
    assert [message for message in told if message is not failure] == [*map(line, range(20)), Finished(20)]


def test_an_error_with_the_last_message_is_raised_by_close() -> None:
    output = Refusing()
    output.handle(line(0))
    with pytest.raises(ConnectionRefusedError):
        output.close()


def test_one_that_was_never_used_has_no_thread() -> None:
    before = threading.active_count()
    output = Slow()
    assert threading.active_count() == before
    output.close()
    assert output.written == []
