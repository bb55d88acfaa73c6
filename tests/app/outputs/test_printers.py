"""What `courtside watch` prints, and what happens when nobody reads it."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from app.outputs.json_printer import STATS_SHOWN, JsonPrinter
from app.outputs.text_printer import TextPrinter
from app.session.events import read_session
from core.messages import Ask, CommandSent, Degraded, Failure, Finished, Line, Message, Paused, Piece, Ready, Stats

STATS = Stats(0, 0.2, 0.1, 0.05, 0.0, 0.05, 0.1, 5, 300, 4096, 12.0, 1 << 28, 0)
LINE = Line(0, 61.0, 62.0, "Goal for Åse!", 50.0, 50.2, (1, 2))


def no_reader_gone() -> None:
    raise AssertionError("there is a reader")


def printed(printer: JsonPrinter | TextPrinter, *messages: Message) -> None:
    for message in messages:
        printer.handle(message)
    printer.close()


def test_json_is_one_object_a_line_without_what_only_a_session_keeps(capsys: pytest.CaptureFixture[str]) -> None:
    messages = [Ready("m", "cpu", "f", 1, 1.0), Piece(0, "Go"), LINE, STATS, CommandSent(Ask("Who?"), 51.0)]
    printed(JsonPrinter(no_reader_gone), *messages, Failure("T", "M", fatal=False), Finished(1))
    out, err = capsys.readouterr()
    line, stats, error = map(json.loads, out.splitlines())
    assert err == ""
    assert (line["type"], line["text"], "tokens" in line) == ("line", "Goal for Åse!", False)
    assert tuple(stats) == STATS_SHOWN
    assert (error["type"], error["fatal"]) == ("error", False)


def test_tokens_and_repeats_where_they_are_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    printed(JsonPrinter(no_reader_gone, tokens=True, repeats=True), LINE, STATS)
    line, stats = map(json.loads, capsys.readouterr().out.splitlines())
    assert line["tokens"] == [1, 2]
    assert {"grid_tokens", "dropped_tokens"} <= set(stats)


def test_text_is_the_commentary_and_the_rest_is_on_stderr(capsys: pytest.CaptureFixture[str]) -> None:
    quiet = Line(1, 62.0, 63.0, "", 51.0, 51.1)
    messages = [LINE, quiet, Paused(63.0), Degraded(3, "half the pixels"), Failure("Disk full", "Free some.", False)]
    printed(TextPrinter(no_reader_gone), *messages, Finished(2))
    out, err = capsys.readouterr()
    assert out == "01:01  Goal for Åse!\n"
    assert err.splitlines() == [
        "courtside: paused at 01:03",
        "courtside: memory ceiling: using half the pixels",
        "courtside: Disk full: Free some.",
    ]


@pytest.mark.parametrize("kind", [JsonPrinter, TextPrinter])
def test_a_reader_that_has_gone_is_told_of(kind: type, monkeypatch: pytest.MonkeyPatch) -> None:
    gone: list[bool] = []
    reader, writer = os.pipe()
    os.close(reader)
    with open(writer, "w", closefd=False) as out:
        monkeypatch.setattr(sys, "stdout", out)
        printed(kind(lambda: gone.append(True)), LINE)
        monkeypatch.undo()
        os.dup2(os.open(os.devnull, os.O_WRONLY), writer)  # what Python could not write goes there
    os.close(writer)
    assert gone == [True]


def test_a_reader_that_stops_reading_holds_nothing_up(
    tmp_path: Path, plain_environment: dict[str, str], checkout: Path
) -> None:
    """The pipe is full from the start: the session goes on, and Ctrl-C still ends it in order."""
    reader, writer = os.pipe()
    os.set_blocking(writer, False)
    while True:
        try:
            os.write(writer, b"x" * 4096)
        except BlockingIOError:
            break
    os.set_blocking(writer, True)
    words = ["watch", "arena", "--size", "224x112", "--json", "--session", tmp_path]
    watching = subprocess.Popen(
        [sys.executable, "-m", "app", *map(str, words)], env=plain_environment, cwd=checkout, stdout=writer
    )
    os.close(writer)

    def lines_kept() -> int:
        folders = list(tmp_path.iterdir())
        return sum(event["type"] == "line" for event in read_session(folders[0]).events) if folders else 0

    end = time.monotonic() + 60
    while lines_kept() < 3:
        assert time.monotonic() < end
        assert watching.poll() is None
        time.sleep(0.1)
    watching.send_signal(signal.SIGINT)
    assert watching.wait(20) == 0
    os.close(reader)
