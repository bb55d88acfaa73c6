"""Counts the bytes of a download and says how far it is."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from core.errors import CheckpointError
from core.messages import Loading

SAY_EVERY_S = 0.2


class ByteMeter:
    """Counts bytes and says so, not more often than `SAY_EVERY_S`."""

    def __init__(self, say: Callable[[Loading], None], total_bytes: int, folder: Path) -> None:
        self._say = say
        self._total = total_bytes
        self._done = 0
        self._folder = folder
        self._free = shutil.disk_usage(folder).free
        self._said_at = float("inf")

    def begin(self, name: object) -> None:
        """Say the totals. Raises CheckpointError when the disk cannot hold what is missing."""
        self._tell()
        if (missing := self._total - self._done) > self._free:
            raise CheckpointError(
                "Disk too small",
                f"{name} needs {missing / 1e9:.2f} GB more and {self._folder} has {self._free / 1e9:.2f} GB free; "
                "make room, or set HF_HOME to a folder on a larger disk",
            )

    def add(self, count: int) -> None:
        self._done += count
        if time.monotonic() - self._said_at >= SAY_EVERY_S:
            self._tell()

    def end(self) -> None:
        self._tell()

    def _tell(self) -> None:
        self._said_at = time.monotonic()
        self._say(Loading("downloading", self._done, self._total, self._free))
