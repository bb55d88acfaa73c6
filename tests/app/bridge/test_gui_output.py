"""Outputs whose messages are shown in the GUI thread."""

from __future__ import annotations

import threading

import pytest

from app.bridge.gui_output import MAX_WAITING, GuiOutput
from core.messages import Line, Message, Piece

LINE = Line(0, 0.0, 1.0, "Goal", 0.0, 0.1)


class Shown(GuiOutput):
    def __init__(self) -> None:
        super().__init__()
        self.messages: list[Message] = []
        self.threads: set[int] = set()

    def show(self, message: Message) -> None:
        self.threads.add(threading.get_ident())
        self.messages.append(message)


class Failing(GuiOutput):
    tried = 0

    def show(self, message: Message) -> None:
        self.tried += 1
        raise ValueError("cannot paint this")


def test_it_is_shown_in_the_gui_thread_in_order(qapp, qtbot) -> None:
    output = Shown()
    messages = [Piece(0, str(number)) for number in range(100)]
    worker = threading.Thread(target=lambda: [output.handle(message) for message in messages])
    worker.start()
    worker.join()
    assert output.messages == []
    qtbot.waitUntil(lambda: len(output.messages) == 100)
    assert output.messages == messages
    assert output.threads == {threading.get_ident()}


def test_a_gui_thread_that_hangs_is_spared_pieces_and_gets_every_line(qapp, qtbot) -> None:
    output = Shown()
    for _ in range(MAX_WAITING + 50):
        output.handle(Piece(0, "word"))
    output.handle(LINE)
    qtbot.waitUntil(lambda: LINE in output.messages)
    assert len(output.messages) == MAX_WAITING + 1
    output.handle(Piece(1, "again"))
    qtbot.waitUntil(lambda: output.messages[-1] == Piece(1, "again"))


def test_an_error_is_raised_where_the_stream_can_hear_it(qapp, qtbot) -> None:
    output = Failing()
    output.handle(LINE)
    output.handle(LINE)
    qtbot.waitUntil(lambda: output.tried > 0)
    qtbot.wait(30)
    assert output.tried == 1
    with pytest.raises(ValueError, match="cannot paint"):
        output.handle(LINE)
