"""`watch` for people: lines on stdout, all else on stderr, and little of that in a file."""

from __future__ import annotations

import pytest

from app.outputs.text_printer import TextPrinter
from core.messages import Degraded, Failure, Finished, Line, Message, Paused, Resumed


def printed(capsys: pytest.CaptureFixture[str], *messages: Message) -> tuple[str, str]:
    printer = TextPrinter(lambda: pytest.fail("the reader is there"))
    for message in messages:
        printer.write(message)
    out, err = capsys.readouterr()
    return out, err


def test_a_line_has_its_time_and_silence_is_silent(capsys: pytest.CaptureFixture[str]) -> None:
    out, err = printed(capsys, Line(0, 61.0, 62.0, "Goal!", 1.0, 1.1), Line(1, 62.0, 63.0, "", 2.0, 2.1), Finished(2))
    assert out == "01:01  Goal!\n"
    assert err == ""  # a file gets neither loading nor summary


def test_a_terminal_obeys_no_model(capsys: pytest.CaptureFixture[str]) -> None:
    evil = "Goal\x1b]0;pwned\x07 \x1b[31mred\x9b2J\r\n00:05  Forged"
    out, err = printed(
        capsys, Line(0, 4.0, 5.0, evil, 1.0, 1.1), Failure("The page", "of \x1b[2Jhis", fatal=False), Finished(1)
    )
    assert out == "00:04  Goal]0;pwned [31mred2J 00:05 Forged\n"
    assert err == "courtside: The page: of [2Jhis\n"


def test_what_happens_to_the_stream_is_said_beside_it(capsys: pytest.CaptureFixture[str]) -> None:
    messages = Paused(5.0), Resumed(5.0), Degraded(3, "half of the pixels"), Failure("The page", "is off", fatal=False)
    out, err = printed(capsys, *messages)
    assert out == ""
    assert err.splitlines() == [
        "courtside: paused at 00:05",
        "courtside: resumed at 00:05",
        "courtside: memory limit: using half of the pixels",
        "courtside: The page: is off",
    ]
