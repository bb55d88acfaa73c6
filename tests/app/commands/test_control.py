"""`courtside watch --control`: a running stream is steered by lines on stdin."""

from __future__ import annotations

import json
import os
import queue
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from app.commands.control import parse_command
from core.errors import UsageError
from core.messages import Adjust, Ask, Command, LimitMemory, Steer
from tests.parity.checkpoints import write_checkpoint

PATIENCE_S = 60.0


@pytest.mark.parametrize(
    ("line", "command"),
    [
        ("ask  Who leads? \n", Ask("Who leads?")),
        ("query Be brief", Steer(query="Be brief")),
        ("context", Steer(context="")),
        ("context Harbour, in orange", Steer(context="Harbour, in orange")),
        ("words-per-minute 60", Adjust({"words_per_minute": 60.0})),
        ("silence-threshold off", Adjust({"silence_threshold": None})),
        ("max-words 8", Adjust({"max_words": 8})),
        ("memory-limit-mb 1.5", LimitMemory(1_500_000)),
        ("memory-limit-mb off", LimitMemory(None)),
    ],
)
def test_a_line_is_a_command(line: str, command: Command) -> None:
    assert parse_command(line) == command


@pytest.mark.parametrize("line", ["dance", "ask", "query ", "max-words many", "max-words -1", "memory-limit-mb nan"])
def test_any_other_line_is_refused(line: str) -> None:
    with pytest.raises(UsageError, match="Unknown command"):
        parse_command(line)


class Watch:
    """`courtside watch --control --json` on the arena; what it says is read as it comes."""

    def __init__(self, checkout: Path, model: Path, sessions: Path) -> None:
        words = ["watch", "arena:3", "--model", model, "--size", "84x56", "--greedy", "--device", "cpu", "--json"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "app", *map(str, words), "--control", "--session", str(sessions)],
            env={**os.environ, "PYTHONPATH": str(checkout)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            bufsize=1,
        )
        self._said: queue.Queue[dict[str, Any]] = queue.Queue()
        self.reader = threading.Thread(target=self._read)
        self.reader.start()

    def write(self, line: str) -> None:
        self.process.stdin.write(f"{line}\n")

    def until(self, kind: str) -> dict[str, Any]:
        """The next of that type."""
        while True:
            entry = self._said.get(timeout=PATIENCE_S)
            if entry["type"] == kind:
                return entry

    def quiet_for(self, seconds: float) -> bool:
        try:
            self._said.get(timeout=seconds)
        except queue.Empty:
            return True
        return False

    def end(self) -> tuple[int, str]:
        """Exit status and stderr."""
        told = self.process.stderr.read()
        status = self.process.wait(PATIENCE_S)
        self.reader.join()
        return status, told

    def _read(self) -> None:
        for line in self.process.stdout:
            self._said.put(json.loads(line))


@contextmanager
def watching(checkout: Path, folder: Path) -> Iterator[Watch]:
    model = write_checkpoint(folder / "model", 4, layers=1, hidden=32, vision_layers=1, tied=True)
    watch = Watch(checkout, model, folder / "sessions")
    try:
        yield watch
    finally:
        watch.process.kill()
        watch.process.wait()
        watch.reader.join()
        for stream in (watch.process.stdin, watch.process.stdout, watch.process.stderr):
            stream.close()


def test_a_running_stream_is_paused_asked_limited_and_stopped(checkout: Path, tmp_path: Path) -> None:
    with watching(checkout, tmp_path) as watch:
        before = watch.until("stats")
        watch.write("pause")
        paused = watch.until("paused")
        assert watch.quiet_for(2.0)
        watch.write("resume")
        resumed = watch.until("resumed")
        gap = watch.until("gap")
        assert (gap["start"], gap["end"], gap["reason"]) == (paused["at"], resumed["at"], "paused")
        assert gap["end"] - gap["start"] >= 2
        after = watch.until("stats")
        assert after["round"] > before["round"]
        assert after["kv_tokens"] > before["kv_tokens"]
        watch.write("mark what a corner")
        assert watch.until("mark")["text"] == "what a corner"
        watch.write("memory-limit-mb 1")
        assert "still needs" in watch.until("degraded")["what"]
        watch.write("memory-limit-mb off")
        assert watch.until("degraded")["recovered"]
        watch.write("silence-threshold 7")
        assert watch.until("error") == {
            "type": "error",
            "title": "Impossible setting",
            "message": "silence_threshold is 7.0, and must be a probability",
            "fatal": False,
        }
        watch.write("dance")
        watch.write("ask Who leads?")
        watch.until("line")
        watch.write("stop")
        status, told = watch.end()
    assert status == 0
    assert told.startswith("courtside: Unknown command: “dance” is none of: pause, resume")
    assert "Traceback" not in told
    (events,) = (tmp_path / "sessions").glob("*/events.jsonl")
    kinds = [json.loads(line)["type"] for line in events.read_text().splitlines()]
    kept = [kind for kind in kinds if kind not in ("settings", "line", "stats", "drop", "closed")]
    assert kept == [
        *("paused", "resumed", "gap", "mark", "limit_memory", "degraded", "limit_memory", "degraded"),
        *("adjust", "error", "question"),
    ]
