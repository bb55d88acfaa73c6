"""`courtside ctl` against a real window and a real `courtside watch`."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.settings import Settings
from app.settings_file import SettingsFile
from tests.parity.checkpoints import write_checkpoint

PATIENCE_S = 60.0
Ctl = Callable[..., subprocess.CompletedProcess[str]]


@pytest.fixture
def environment(checkout: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> dict[str, str]:
    run = tmp_path / "run"
    run.mkdir()
    monkeypatch.setenv("XDG_RUNTIME_DIR", str(run))
    return {**os.environ, "PYTHONPATH": str(checkout)}


@pytest.fixture
def ctl(environment: dict[str, str]) -> Ctl:
    def call(*words: str) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, "-m", "app", "ctl", *words]
        return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=PATIENCE_S)

    return call


@contextmanager
def running(environment: dict[str, str], *words: str) -> Iterator[subprocess.Popen[str]]:
    process = subprocess.Popen(
        [sys.executable, "-m", "app", *words],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    try:
        yield process
    finally:
        process.terminate()
        process.communicate(timeout=PATIENCE_S)


def until(ctl: Ctl, wanted: Callable[[dict[str, Any]], object]) -> dict[str, Any]:
    """The status, once it is as wanted."""
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        found = ctl("status", "--json")
        if found.returncode == 0 and wanted(status := json.loads(found.stdout)):
            return status
    raise TimeoutError(f"{found.stdout} {found.stderr}")


@pytest.mark.parametrize(
    ("words", "status", "told"),
    [
        (("status", "--json"), 1, "courtside: Nothing runs: start courtside or courtside watch first\n"),
        (("dance",), 2, "invalid choice: 'dance'"),
        (("ask",), 2, "it is: ask TEXT"),
        (("pause", "now"), 2, "nothing behind it"),
        (("say", "loud"), 2, "say takes on or off"),
    ],
)
def test_what_cannot_be_done_is_one_line(ctl: Ctl, words: tuple[str, ...], status: int, told: str) -> None:
    ended = ctl(*words)
    assert ended.returncode == status
    assert told in ended.stderr
    assert ended.stderr.count("\n") == 1
    assert ended.stdout == ""


def test_a_watch_is_steered(ctl: Ctl, environment: dict[str, str], tmp_path: Path) -> None:
    model = write_checkpoint(tmp_path / "model", 4, layers=1, hidden=32, vision_layers=1, tied=True)
    words = ["arena:3", "--persona", "hype", "--model", str(model), "--size", "84x56", "--device", "cpu"]
    words += ["--json", "--session"]
    with running(environment, "watch", *words, str(tmp_path / "sessions")) as watch:
        status = until(ctl, lambda status: status["rounds"] >= 2)
        assert (status["kind"], status["pid"], status["phase"]) == ("watch", watch.pid, "live")
        assert (status["source"], status["model"], status["persona"]) == ("arena:3", "model", "hype")
        assert 0 < status["age_s"] < PATIENCE_S
        assert ctl("pause").stdout == "paused\n"
        assert until(ctl, lambda status: status["phase"] == "paused")
        assert ctl("resume", "--json").stdout == '{"said": "resumed"}\n'
        assert ctl("ask", "Who", "leads?").returncode == 0
        assert ctl("persona", "deadpan").stdout == "deadpan speaks\n"
        assert until(ctl, lambda status: status["persona"] == "deadpan")
        unknown = ctl("persona", "nobody")
        assert (unknown.returncode, unknown.stderr.count("\n")) == (2, 1)
        assert "none of: colour-analyst, deadpan, hype" in unknown.stderr
        assert ctl("panic").stdout == "cleared and paused\n"
        mute = ctl("say", "off")
        assert (mute.returncode, mute.stderr.count("\n")) == (1, 1)
        assert "There is no voice" in mute.stderr
        hidden = ctl("hide")
        assert (hidden.returncode, hidden.stderr.count("\n")) == (1, 1)
        assert ctl("resume").returncode == 0
        rounds = until(ctl, lambda status: status["phase"] == "live")["rounds"]
        until(ctl, lambda status: status["rounds"] > rounds)
    (events,) = (tmp_path / "sessions").glob("*/events.jsonl")
    kinds = [json.loads(line)["type"] for line in events.read_text().splitlines()]
    assert "question" in kinds
    assert json.loads(events.read_text().partition("\n")[0])["persona"] == "hype"
    assert kinds.index("cleared") < len(kinds) - 1
    assert ctl("status").returncode == 1
    assert not list((tmp_path / "run").glob("courtside/*"))


def test_the_window_is_steered_and_a_second_start_raises_it(
    ctl: Ctl, environment: dict[str, str], virtual_screen, tmp_path: Path
) -> None:
    SettingsFile().save(Settings(source="camera", record=False))
    with running(environment) as window:
        status = until(ctl, lambda _: True)
        assert (status["kind"], status["pid"], status["phase"]) == ("window", window.pid, "idle")
        assert ctl("show").returncode == 0
        assert until(ctl, lambda status: status["captions"])
        assert ctl("hide").stdout == "captions hidden\n"
        assert not until(ctl, lambda _: True)["captions"]
        refused = ctl("pause")
        assert (refused.returncode, refused.stderr) == (
            1,
            "courtside: Nothing is watched: press Start in the window first\n",
        )
        lowered = ["xdotool", "search", "--onlyvisible", "--name", "^Courtside$", "windowminimize", "--sync"]
        subprocess.run(lowered, env=virtual_screen.environment(), check=True)
        second = subprocess.run(
            [sys.executable, "-m", "app"], env=environment, capture_output=True, text=True, timeout=PATIENCE_S
        )
        assert (second.returncode, second.stderr) == (
            0,
            "courtside: it runs already; its window is in front now\n",
        )
        assert window.poll() is None
        focused = ["xdotool", "search", "--sync", "--onlyvisible", "--name", "^Courtside$"]
        subprocess.run(focused, env=virtual_screen.environment(), check=True, timeout=PATIENCE_S)
