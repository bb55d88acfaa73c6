"""Outputs whose messages are shown in the GUI thread."""

from __future__ import annotations

import threading

import pytest

from app.bridge.gui_output import MAX_WAITING, GuiOutput
from core.messages import Line, Message, Piece

LINE = Line(0, 0.0, 1.0, "Goal", 0.0, 0.1)


def test_it_is_shown_in_the_gui_thread_in_order(qapp, qtbot) -> None:
    shown: list[Message] = []
    threads: set[int] = set()

    def show(message: Message) -> None:
        threads.add(threading.get_ident())
        shown.append(message)

    output = GuiOutput("The captions", show)
    messages = [Piece(0, str(number)) for number in range(100)]
    worker = threading.Thread(target=lambda: [output.handle(message) for message in messages])
    worker.start()
    worker.join()
    assert shown == []
    qtbot.waitUntil(lambda: len(shown) == 100)
    assert shown == messages
    assert threads == {threading.get_ident()}


def test_a_gui_thread_that_hangs_is_spared_pieces_and_gets_every_line(qapp, qtbot) -> None:
    shown: list[Message] = []
    output = GuiOutput("The captions", shown.append)
    for _ in range(MAX_WAITING + 50):
        output.handle(Piece(0, "word"))
    output.handle(LINE)
    qtbot.waitUntil(lambda: LINE in shown)
    assert len(shown) == MAX_WAITING + 1
    output.handle(Piece(1, "again"))
    qtbot.waitUntil(lambda: shown[-1] == Piece(1, "again"))


def test_an_error_is_raised_where_the_stream_can_hear_it(qapp, qtbot) -> None:
    tried: list[Message] = []

    def fail(message: Message) -> None:
        tried.append(message)
        raise ValueError("cannot paint this")

    output = GuiOutput("The captions", fail)
    output.handle(LINE)
    output.handle(LINE)
    qtbot.waitUntil(lambda: bool(tried))
    qtbot.wait(30)
    assert tried == [LINE]
    with pytest.raises(ValueError, match="cannot paint"):
        output.handle(LINE)
