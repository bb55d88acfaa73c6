"""`watch --json`: one object a line, with what was asked for and nothing else."""

from __future__ import annotations

import json
import os
import sys

import pytest

from app.outputs.json_printer import STATS_SHOWN, JsonPrinter
from core.messages import Ask, CommandSent, Line, Piece, Stats

LINE = Line(0, 0.0, 1.0, "Goal!", 10.0, 10.1, (5, 6))
STATS = Stats(0, *[0.5] * 6, *[7] * 6)


def printed(capsys: pytest.CaptureFixture[str], printer: JsonPrinter, *messages: object) -> list[dict]:
    for message in messages:
        printer.write(message)
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def no_reader() -> None:
    pytest.fail("the reader is there")


def test_tokens_are_shown_only_when_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    (plain,) = printed(capsys, JsonPrinter(no_reader), LINE)
    (whole,) = printed(capsys, JsonPrinter(no_reader, tokens=True), LINE)
    assert "tokens" not in plain
    assert whole == {**plain, "tokens": [5, 6]}


def test_of_the_statistics_the_contract_is_shown(capsys: pytest.CaptureFixture[str]) -> None:
    (shown,) = printed(capsys, JsonPrinter(no_reader), STATS)
    assert tuple(shown) == STATS_SHOWN
    (more,) = printed(capsys, JsonPrinter(no_reader, repeats=True), STATS)
    assert more.keys() - shown.keys() == {"grid_tokens", "dropped_tokens"}


def test_pieces_and_commands_are_not_printed(capsys: pytest.CaptureFixture[str]) -> None:
    assert printed(capsys, JsonPrinter(no_reader), Piece(0, "Go"), CommandSent(Ask("Who?"), 1.0)) == []


def test_a_terminal_obeys_no_model_and_a_reader_gets_every_character(capsys: pytest.CaptureFixture[str]) -> None:
    evil = "Goal\x1b]0;pwned\x07\x9b2J\x7f\r\n\x85\u2028\u202ered 😀"
    JsonPrinter(no_reader).write(Line(0, 0.0, 1.0, evil, 1.0, 1.1))
    out = capsys.readouterr().out
    assert out.removesuffix("\n").isprintable()
    assert json.loads(out)["text"] == evil


def test_a_reader_that_is_gone_is_told_of_once(monkeypatch: pytest.MonkeyPatch) -> None:
    reader, writer = os.pipe()
    os.close(reader)
    gone = []
    broken = os.fdopen(writer, "w")
    monkeypatch.setattr(sys, "stdout", broken)
    printer = JsonPrinter(lambda: gone.append(True))
    printer.write(LINE)
    printer.write(LINE)
    assert gone == [True]
    with pytest.raises(BrokenPipeError):  # Python tries once more
        broken.close()
