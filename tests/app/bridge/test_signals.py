"""Messages cross from the worker thread to the GUI thread."""

from __future__ import annotations

import threading

import pytest

from app.bridge.signals import StreamSignals
from core.messages import Drop, Failure, Finished, Gap, Line, Piece, Ready, Stats

ALL = {
    "ready": Ready("small", "cpu", "float32", 9, 1.0),
    "piece": Piece(0, "Goal"),
    "line": Line(0, 0.0, 1.0, "Goal", 0.0, 0.1),
    "stats": Stats(0, 0.1, 0.1, 0, 0, 0, 0, 3, 10, 100, 1.0, 1, 0),
    "drop": Drop("behind", 2, 1.0),
    "gap": Gap(0.0, 1.0, "paused"),
    "failure": Failure("Title", "message"),
    "finished": Finished(3),
}


@pytest.mark.parametrize("name", ALL)
def test_each_message_has_its_signal(qapp, name: str) -> None:
    signals = StreamSignals()
    heard: list[tuple[str, object]] = []
    for each in [*ALL, "message"]:
        getattr(signals, each).connect(lambda message, each=each: heard.append((each, message)))
    signals.show(ALL[name])
    assert heard == [("message", ALL[name]), (name, ALL[name])]


def test_a_plain_function_hears_in_the_gui_thread_and_in_order(qapp, qtbot) -> None:
    signals = StreamSignals()
    output = signals.output()
    heard: list[tuple[int, str]] = []
    signals.piece.connect(lambda piece: heard.append((threading.get_ident(), piece.text)))
    worker = threading.Thread(target=lambda: [output.handle(Piece(0, str(n))) for n in range(200)])
    worker.start()
    worker.join()
    assert heard == []
    qtbot.waitUntil(lambda: len(heard) == 200)
    assert heard == [(threading.get_ident(), str(n)) for n in range(200)]


def test_silenced_says_nothing_even_of_what_is_queued(qapp, qtbot) -> None:
    signals = StreamSignals()
    output = signals.output()
    heard: list[object] = []
    signals.message.connect(heard.append)
    output.handle(ALL["piece"])
    output.mute()
    output.handle(ALL["line"])
    qtbot.wait(50)
    assert heard == []
