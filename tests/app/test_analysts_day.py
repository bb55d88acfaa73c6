"""An analyst's day, end to end: recorded, found, opened, asked again, handed over."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.window.library_windows import LibraryWindows

BROWSERS = ("chromium", "chromium-browser", "google-chrome")


class Analyst:
    """Runs commands on a library of its own."""

    def __init__(self, root: Path, environment: dict[str, str]) -> None:
        self.root = root
        self._environment = {**environment, "COURTSIDE_SESSIONS_DIR": str(root), "OMP_NUM_THREADS": "1"}

    def run(self, *words: str) -> list[dict[str, Any]]:
        """What `courtside WORDS --json` prints; it must go well and say nothing else."""
        command = [sys.executable, "-m", "app", *words, "--json"]
        done = subprocess.run(command, env=self._environment, capture_output=True, text=True, check=False)
        assert done.returncode == 0, done.stderr
        return [json.loads(text) for text in done.stdout.splitlines()]


def a_day(analyst: Analyst, qtbot: QtBot, source: str, seconds: int) -> None:
    """The whole day with `seconds` of that source."""
    watched = analyst.run("watch", source, "--pace", "max", "--seconds", str(seconds), "--session", str(analyst.root))
    said = [entry for entry in watched if entry["type"] == "line" and entry["text"]]
    assert said, "the commentator was silent"
    line = said[len(said) // 2]
    found = analyst.run("sessions", "search", f'"{line["text"]}"')
    assert line["start"] in [hit["at"] for hit in found]
    folder = Path(found[0]["path"])
    opened(qtbot, folder, line)
    asked_again(analyst, folder, line)
    handed_over(analyst, folder, line)


def opened(qtbot: QtBot, folder: Path, line: dict[str, Any]) -> None:
    """The moment, in the library and in the player."""
    windows = LibraryWindows()
    windows.open_library()
    assert windows.library is not None
    windows.library.session_chosen.emit(folder, line["start"])
    player = windows.players[folder]
    qtbot.waitUntil(lambda: player.chosen() is not None, timeout=60_000)
    entry = player.chosen()
    assert entry is not None
    assert (entry.at, entry.round) == (line["start"], line["round"])
    assert "tokens in the cache" in player.round.details.text()
    player.mark("the moment")
    qtbot.wait(50)
    windows.close()


def asked_again(analyst: Analyst, folder: Path, line: dict[str, Any]) -> None:
    """The stretch round the moment, with another request and another seed."""
    begin = max(0.0, line["start"] - 5)
    words = ["--from", str(begin), "--until", str(line["end"] + 5), "--query", "Be brief", "--seed", "7"]
    again = analyst.run("sessions", "rerun", str(folder), *words, "--compare")
    starts = [entry["start"] for entry in again if entry["type"] == "line"]
    assert (starts[0], again[-1]["type"]) == (begin, "comparison")
    assert again[-1]["first"]["words_per_minute"] > 0


def handed_over(analyst: Analyst, folder: Path, line: dict[str, Any]) -> None:
    """A range as subtitles, and a report that a browser shows."""
    words = ["--from", str(line["start"]), "--until", str(line["end"])]
    exported = analyst.run("sessions", "export", str(folder), "--to", "srt", *words)[0]["text"]
    assert exported.count(" --> ") == 1
    assert line["text"] in exported
    report = analyst.run("sessions", "report", str(folder))[0]["path"]
    browser = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if browser is None:
        pytest.skip("looking at the report needs chromium")
    command = [browser, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom", Path(report).as_uri()]
    shown = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    assert line["text"] in shown
    assert "mark: the moment" in shown


@pytest.fixture
def analyst(
    virtual_screen: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain_environment: dict[str, str]
) -> Analyst:
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(tmp_path / "sessions"))
    return Analyst(tmp_path / "sessions", plain_environment)


def test_half_a_minute(analyst: Analyst, qtbot: QtBot) -> None:
    a_day(analyst, qtbot, "arena:5", 30)


@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("source", ["arena:5", "desktop:1"])
def test_an_hour(analyst: Analyst, qtbot: QtBot, source: str) -> None:
    a_day(analyst, qtbot, source, 3600)
