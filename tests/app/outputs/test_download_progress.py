"""A checkpoint is fetched by its hub id: what a terminal shows, what a file gets, and Ctrl-C."""

from __future__ import annotations

import contextlib
import json
import os
import pty
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.hub_server import Hub, hub_on_this_machine
from tests.parity.checkpoints import write_checkpoint, write_frames
from tests.quiet_clock import quiet_s

NAME = "owner/tiny"


@pytest.fixture
def hub(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    folder = write_checkpoint(tmp_path / "model", 4, layers=1, hidden=32, vision_layers=1, tied=True)
    files = {file.name: file.read_bytes() for file in folder.iterdir()}
    with hub_on_this_machine({NAME: {"main": files}}, tmp_path / "cache", monkeypatch) as hub:
        yield hub


class Terminal:
    """`courtside watch` with its stderr on a terminal and its stdout in a pipe."""

    def __init__(self, *words: object, checkout: Path) -> None:
        self._master, slave = pty.openpty()
        self._seen = bytearray()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", "watch", *map(str, words)],
            env={**os.environ, "PYTHONPATH": str(checkout)},
            stdout=subprocess.PIPE,
            stderr=slave,
            text=True,
        )
        os.close(slave)
        self._reader = threading.Thread(target=self._read)
        self._reader.start()

    def _read(self) -> None:
        with contextlib.suppress(OSError):  # how Linux says that a terminal's other end has gone
            while data := os.read(self._master, 4096):
                self._seen += data

    @property
    def shown(self) -> str:
        return self._seen.decode()

    def end(self) -> tuple[int, str]:
        """Exit status and stdout."""
        out, _ = self.process.communicate(timeout=90)
        self._reader.join()
        os.close(self._master)
        return self.process.returncode, out


def test_progress_is_on_the_terminal_and_never_in_the_output(hub: Hub, tmp_path: Path, checkout: Path) -> None:
    pictures = write_frames(tmp_path / "pictures", 2, 2, (56, 84), 9)
    words = [f"frames:{pictures}", "--model", NAME, "--pace", "max", "--size", "native", "--json"]
    terminal = Terminal(*words, checkout=checkout)
    status, out = terminal.end()
    assert status == 0, terminal.shown
    assert {json.loads(line)["type"] for line in out.splitlines()} == {"line", "stats"}
    assert re.search(rf"Downloading {NAME}: 0\.0\d GB to fetch, [\d.]+ GB free", terminal.shown)
    assert "0.02 of 0.02 GB" in terminal.shown
    assert "please log in" not in terminal.shown
    assert terminal.shown.endswith("\n\x1b[?25h")  # the bar's line is complete, the cursor is there again


def test_the_settings_of_a_checkpoint_on_the_hub_count(hub: Hub, tmp_path: Path, checkout: Path) -> None:
    hub.repos[NAME]["main"]["courtside.json"] = b'{"fps": 4, "size": [56, 56], "max_new_tokens": 3, "greedy": true}'
    pictures = write_frames(tmp_path / "pictures", 2, 2, (56, 84), 9)
    sessions = tmp_path / "sessions"
    terminal = Terminal(
        f"frames:{pictures}", "--model", NAME, "--pace", "max", "--session", sessions, "--json", checkout=checkout
    )
    status, out = terminal.end()
    assert status == 0, terminal.shown
    entries = [json.loads(line) for line in out.splitlines()]
    assert [entry["end"] for entry in entries if entry["type"] == "line"] == [1.0]  # four pictures are one second
    assert all(entry["new_tokens"] <= 3 for entry in entries if entry["type"] == "stats")
    (events,) = sessions.glob("*/events.jsonl")
    settings = json.loads(events.read_text().splitlines()[0])
    assert (settings["fps"], settings["size"], settings["sampling"]["greedy"]) == (4, [56, 56], True)


def test_ctrl_c_ends_a_download_and_what_came_stays(hub: Hub, tmp_path: Path, checkout: Path) -> None:
    pictures = write_frames(tmp_path / "pictures", 1, 2, (56, 84), 9)
    hub.held_after = 12_000_000
    hub.hold.clear()
    terminal = Terminal(f"frames:{pictures}", "--model", NAME, checkout=checkout)
    hub.wait_until_held()
    begun = quiet_s()
    terminal.process.send_signal(signal.SIGINT)
    hub.hold.set()
    status, out = terminal.end()
    assert (status, out) == (0, "")
    assert quiet_s() - begun < 8
    assert "Traceback" not in terminal.shown
    parts = list((tmp_path / "cache").glob("*/blobs/*"))
    assert sum(part.stat().st_size for part in parts) >= 12_000_000


def test_without_a_network_it_is_one_line(hub: Hub, tmp_path: Path, checkout: Path) -> None:
    environment = {**os.environ, "PYTHONPATH": str(checkout), "HF_ENDPOINT": "http://127.0.0.1:9"}
    words = [sys.executable, "-m", "app", "watch", "arena", "--model", NAME, "--seconds", "1"]
    done = subprocess.run(words, env=environment, capture_output=True, text=True, timeout=90)
    assert done.returncode == 1
    assert done.stdout == ""
    assert re.fullmatch(r"courtside: No network: .*\n", done.stderr)
