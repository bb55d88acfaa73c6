"""`courtside watch` as a process of its own, with a reader that does not read."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from app.session.events import read_session
from tests.grey_film import write_grey_film
from tests.waiting import PATIENCE_S


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
    assert watching.wait(PATIENCE_S) == 0
    os.close(reader)


def test_a_film_begins_where_it_is_told(tmp_path: Path, plain_environment: dict[str, str], checkout: Path) -> None:
    film = write_grey_film(tmp_path / "film.mp4", 20)

    def watch(source: str, *more: str) -> subprocess.CompletedProcess[str]:
        words = ["watch", source, "--start", "0:12", "--seconds", "2", "--pace", "max", "--json", *more]
        command = [sys.executable, "-m", "app", *words]
        return subprocess.run(command, env=plain_environment, cwd=checkout, capture_output=True, text=True)

    told = [json.loads(line) for line in watch(str(film)).stdout.splitlines()]
    assert told[0] == {"type": "jump", "at": 0.0, "to": 12.0}
    assert [(entry["start"], entry["end"]) for entry in told if entry["type"] == "line"] == [(0.0, 1.0), (1.0, 2.0)]
    refused = watch("arena:3")
    assert refused.returncode == 2
    assert "arena:3 has no moments to begin at" in refused.stderr
