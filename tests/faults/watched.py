"""`courtside watch --json` as a process of its own, with what it says and when, and its engine."""

from __future__ import annotations

import json
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import psutil


@dataclass(frozen=True, slots=True)
class Said:
    """One record of stdout.

    Attributes:
        at: monotonic seconds at which it was read.
    """

    at: float
    record: dict[str, Any]


class Watched:
    """The process; use it with `with`, which ends it whatever state it is in.

    Attributes:
        said: what came on stdout so far. process: the process.
    """

    def __init__(self, *words: str, environment: Mapping[str, str], checkout: Path) -> None:
        self.said: list[Said] = []
        command = [sys.executable, "-m", "app", "watch", *words, "--json"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "stdin": subprocess.DEVNULL}
        self.process = subprocess.Popen(command, env=dict(environment), cwd=checkout, text=True, **pipes)
        self._reader = threading.Thread(target=self._read, name="reader")
        self._reader.start()

    def __enter__(self) -> Watched:
        return self

    def __exit__(self, *_: object) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def engine(self, patience_s: float = 30.0) -> psutil.Process:
        """The process of the engine, which is its only child that uses this much."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            for child in psutil.Process(self.process.pid).children():
                if any("spawn_main" in word for word in child.cmdline()):
                    return child
            time.sleep(0.005)
        raise TimeoutError("no engine")

    def records(self, kind: str) -> list[Said]:
        """Those of that `type`."""
        return [said for said in list(self.said) if said.record["type"] == kind]

    def wait_for(self, kind: str, patience_s: float, when: Callable[[Said], bool] = lambda said: True) -> Said:
        """The first record of a `type` for which `when` holds. Raises TimeoutError."""
        end = time.monotonic() + patience_s
        while time.monotonic() < end:
            for said in self.records(kind):
                if when(said):
                    return said
            if self.process.poll() is not None and not self._reader.is_alive():
                break
            time.sleep(0.01)
        ended = self.process.poll()
        raise TimeoutError(f"no {kind} within {patience_s:g} s; exit status {ended}, last {self.said[-3:]}")

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            if line.endswith("\n"):  # not the half of one that a kill left
                self.said.append(Said(time.monotonic(), json.loads(line)))


def percentile(values: list[float], share: float) -> float:
    """Of at least one value; `share` of them are not above it."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, round(share * (len(ordered) - 1)))]
