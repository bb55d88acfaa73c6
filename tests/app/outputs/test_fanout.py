"""Every output gets every message, and none of them can harm the rest."""

from __future__ import annotations

import threading
from collections.abc import Callable

import pytest

from app.outputs.fanout import Fanout
from core.errors import SessionError
from core.messages import Failure, Finished, Line, Message, Piece

PIECE = Piece(0, "Goal")


class Notebook:
    """Writes what it gets into a book that several share, and does what it is told to on the way."""

    def __init__(self, name: str, book: list[tuple[str, object]], act: Callable[[Message], None] | None = None) -> None:
        self.name = name
        self._book = book
        self._act = act

    def handle(self, message: Message) -> None:
        if self._act is not None:
            self._act(message)
        self._book.append((self.name, message))

    def close(self) -> None:
        self._book.append((self.name, "closed"))


def raising(error: Exception) -> Callable[[Message], None]:
    def act(_: Message) -> None:
        raise error

    return act


def test_added_outputs_come_before_those_that_show() -> None:
    book: list[tuple[str, object]] = []
    outputs = Fanout([Notebook("window", book)])
    outputs.add(Notebook("recorder", book))
    outputs.add(Notebook("page", book))
    outputs.handle(PIECE)
    assert book == [("recorder", PIECE), ("page", PIECE), ("window", PIECE)]


def test_each_is_closed_once_and_the_end_is_shown_when_the_others_are_closed() -> None:
    book: list[tuple[str, object]] = []
    outputs = Fanout([Notebook("window", book)])
    outputs.add(Notebook("recorder", book))
    outputs.handle(Finished(1))
    outputs.close()
    outputs.handle(PIECE)
    end = Finished(1)
    assert book == [("recorder", end), ("recorder", "closed"), ("window", end), ("window", "closed")]


def test_an_error_in_its_own_words_is_told_once_and_the_rest_goes_on() -> None:
    book: list[tuple[str, object]] = []
    outputs = Fanout([Notebook("window", book)])
    outputs.add(Notebook("recorder", book, raising(SessionError("Disk full", "Free some space."))))
    outputs.handle(PIECE)
    outputs.handle(PIECE)
    failure = Failure("Disk full", "Free some space.", fatal=False)
    assert book == [("window", failure), ("recorder", "closed"), ("window", PIECE), ("window", PIECE)]


@pytest.mark.expects_log("The page failed")
def test_any_other_error_is_told_with_the_name_of_the_output(caplog: pytest.LogCaptureFixture) -> None:
    book: list[tuple[str, object]] = []
    outputs = Fanout([Notebook("window", book)])
    outputs.add(Notebook("The page", book, raising(ZeroDivisionError("division by zero"))))
    outputs.handle(PIECE)
    (failure,) = [message for _, message in book if isinstance(message, Failure)]
    assert failure.title == "The page is switched off"
    assert "division by zero" in failure.message
    assert not failure.fatal
    assert "ZeroDivisionError" in caplog.text  # the traceback is for the log


@pytest.mark.expects_log("failed|could not be closed")
def test_two_that_fail_at_once_and_cannot_be_closed_harm_nobody() -> None:
    book: list[tuple[str, object]] = []

    class Broken(Notebook):
        def close(self) -> None:
            raise OSError("nor closed")

    outputs = Fanout([Notebook("window", book)])
    for name in ("a", "b"):
        outputs.add(Broken(name, book, raising(ValueError(name))))
    outputs.handle(PIECE)
    titles = {message.title for _, message in book if isinstance(message, Failure)}
    assert titles == {"a is switched off", "b is switched off"}
    assert book[-1] == ("window", PIECE)


@pytest.mark.expects_log("The page failed")
def test_an_error_at_the_end_is_shown_before_the_end() -> None:
    book: list[tuple[str, object]] = []

    class Unsaved(Notebook):
        def close(self) -> None:
            raise OSError("lost")

    outputs = Fanout([Notebook("window", book)])
    outputs.add(Unsaved("The page", book))
    outputs.handle(Finished(3))
    shown = [message for name, message in book if name == "window"]
    assert isinstance(shown[0], Failure)
    assert shown[1:] == [Finished(3), "closed"]


def test_what_an_output_sends_comes_after_the_message_at_hand() -> None:
    book: list[tuple[str, object]] = []
    outputs = Fanout([Notebook("window", book)])
    line = Line(0, 0.0, 1.0, "Goal", 0.0, 0.1)

    def answer(message: Message) -> None:
        if message == PIECE:
            outputs.handle(line)

    outputs.add(Notebook("page", book, answer))
    outputs.handle(PIECE)
    assert book == [("page", PIECE), ("window", PIECE), ("page", line), ("window", line)]


def test_messages_of_several_threads_come_one_at_a_time_in_one_order() -> None:
    books: list[list[tuple[str, object]]] = [[], []]
    outputs = Fanout([Notebook("a", books[0]), Notebook("b", books[1])])
    threads = [
        threading.Thread(target=lambda number=number: [outputs.handle(Piece(number, str(n))) for n in range(300)])
        for number in range(4)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    first, second = ([message for _, message in book] for book in books)
    assert len(first) == 1200
    assert first == second
