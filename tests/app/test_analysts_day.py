"""An analyst's day, end to end: recorded, found, opened, asked again, handed over."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from pytestqt.qtbot import QtBot

from app.session.events import read_session
from app.window.library_windows import LibraryWindows
from tests.chromium import chromium_page


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


def a_day(analyst: Analyst, qtbot: QtBot, source: str, seconds: int) -> Path:
    """The whole day with `seconds` of that source, up to its report. Returns the report."""
    words = ["watch", source, "--pace", "max", "--seconds", str(seconds), "--record", "--session", str(analyst.root)]
    watched = analyst.run(*words)
    said = [entry for entry in watched if entry["type"] == "line" and entry["text"]]
    assert said, "the commentator was silent"
    line = said[len(said) // 2]
    found = analyst.run("sessions", "search", f'"{line["text"]}"', "--limit", "1000")
    assert line["start"] in [hit["at"] for hit in found]
    folder = Path(found[0]["path"])
    opened(qtbot, folder, line)
    answered(analyst, folder, line)
    asked_again(analyst, folder, line)
    exported(analyst, folder, line)
    return Path(analyst.run("sessions", "report", str(folder))[0]["path"])


def opened(qtbot: QtBot, folder: Path, line: dict[str, Any]) -> None:
    """The moment, in the library and in the player: its frames, its video, what the cache held, a mark."""
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
    qtbot.waitUntil(lambda: len(player.round.frames) == 2)
    assert not any(frame.pixmap().isNull() for frame in player.round.frames)
    assert f"to {line['round']}" in player.round.cache.text().splitlines()[0]
    qtbot.waitUntil(lambda: not player.film.pixmap().isNull())
    player.mark("the moment")
    qtbot.wait(50)
    windows.close()


def answered(analyst: Analyst, folder: Path, line: dict[str, Any]) -> None:
    """A question about the stretch, and a summary: every sentence leads to its lines."""
    words = ["--from", str(line["start"]), "--to", str(line["start"] + 20), "What happened?"]
    answer = analyst.run("sessions", "ask", str(folder), *words)[0]
    assert line["text"] in [sentence["text"] for sentence in answer["sentences"]]
    summed = analyst.run("sessions", "summary", str(folder))[0]
    assert line["round"] in [link["round"] for sentence in summed["sentences"] for link in sentence["lines"]]
    assert all(sentence["lines"] for sentence in answer["sentences"] + summed["sentences"])


def asked_again(analyst: Analyst, folder: Path, line: dict[str, Any]) -> None:
    """The stretch round the moment, with another persona and another seed."""
    begin = max(0.0, line["start"] - 5)
    words = ["--from", str(begin), "--to", str(line["end"] + 5), "--persona", "deadpan", "--seed", "7"]
    again = analyst.run("sessions", "rerun", str(folder), *words, "--compare")
    starts = [entry["start"] for entry in again if entry["type"] == "line"]
    assert (starts[0], again[-1]["type"]) == (begin, "comparison")
    assert again[-1]["first"]["words_per_minute"] > 0
    new = Path(next(entry["path"] for entry in again if entry["type"] == "rerun"))
    settings = read_session(new).settings
    assert (settings["persona"], settings["origin"]) == ("deadpan", folder.name)


def exported(analyst: Analyst, folder: Path, line: dict[str, Any]) -> None:
    """A range as subtitles."""
    words = ["--from", str(line["start"]), "--until", str(line["end"])]
    exported = analyst.run("sessions", "export", str(folder), "--to", "srt", *words)[0]["text"]
    assert exported.count(" --> ") == 1
    assert line["text"] in exported


def looked_at(report: Path, profile: Path) -> None:
    """The report in a browser: figures, curves, pictures that load, the mark."""
    with chromium_page(profile) as page:
        page.open(report.as_uri())
        text = page.evaluate("document.body.innerText")
        assert "mark: the moment" in text
        assert "words" in text
        assert page.evaluate("document.querySelectorAll('polyline').length") == 4
        assert page.evaluate("[...document.images].every((image) => image.naturalWidth > 0)")
        assert page.evaluate("document.images.length") > 0
        assert page.evaluate("document.body.scrollWidth <= window.innerWidth")


@pytest.fixture
def analyst(
    virtual_screen: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, plain_environment: dict[str, str]
) -> Analyst:
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(tmp_path / "sessions"))
    return Analyst(tmp_path / "sessions", plain_environment)


def test_half_a_minute(analyst: Analyst, qtbot: QtBot) -> None:
    assert "mark: the moment" in a_day(analyst, qtbot, "arena:5", 30).read_text()


@pytest.mark.real
def test_a_minute_to_its_report_in_a_browser(analyst: Analyst, qtbot: QtBot, tmp_path: Path) -> None:
    looked_at(a_day(analyst, qtbot, "arena:5", 60), tmp_path / "profile")


@pytest.mark.real
@pytest.mark.slow
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("source", ["arena:5", "desktop:7"])
def test_an_hour(analyst: Analyst, qtbot: QtBot, tmp_path: Path, source: str) -> None:
    looked_at(a_day(analyst, qtbot, source, 3600), tmp_path / "profile")
