"""Records of finished work as JSON lines: whole at any moment, whatever ends the program."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from core.data.atomic import read_json, write_json
from core.errors import DataError, UsageError

SETTINGS = "settings.json"
PREFIX = "result_"


class RecordFolder:
    """A folder with `result_0.jsonl`, `result_1.jsonl`, ..., one for each process of a run.

    Attributes:
        folder: where they lie.
    """

    def __init__(self, folder: Path, settings: Mapping[str, Any]) -> None:
        """settings: with which the records are made. Raises UsageError where those that are there have others,
        DataError where nothing can be written."""
        from filelock import FileLock

        self.folder = folder
        wanted = json.loads(json.dumps(settings))
        try:
            folder.mkdir(parents=True, exist_ok=True)
            with FileLock(folder / "settings.lock"):
                there = read_json(folder / SETTINGS)
                known = there if isinstance(there, dict) else {}
                if not known:
                    write_json(folder / SETTINGS, wanted)
        except OSError as error:
            raise DataError("Cannot write", f"{folder}: {error.strerror or error}") from error
        other = sorted(name for name in known.keys() | wanted.keys() if known.get(name) != wanted.get(name))
        if known and other:
            name = other[0]
            told = f"{folder} was made with {name} {known.get(name)!r}, not {wanted.get(name)!r}"
            raise UsageError("Other settings", f"{told}; give another --out, or delete it to begin anew")

    def append(self, rank: int, record: Mapping[str, Any]) -> None:
        """Add a record to the file of a process; on the disk when this returns. Raises DataError."""
        path = self.folder / f"{PREFIX}{rank}.jsonl"
        try:
            with path.open("ab+") as file:
                _cut_torn_line(file)
                file.write(json.dumps(record, ensure_ascii=False).encode("utf-8", "replace") + b"\n")
                file.flush()
                os.fsync(file.fileno())
        except OSError as error:
            raise DataError("Cannot write", f"{path}: {error.strerror or error}") from error

    def records(self) -> Iterator[dict[str, Any]]:
        """All of them, of all processes. A line that was cut by a kill is passed over."""
        for path in sorted(self.folder.glob(f"{PREFIX}*.jsonl")):
            for line in path.read_bytes().split(b"\n"):
                try:
                    found = json.loads(line)
                except ValueError:
                    continue
                if isinstance(found, dict):
                    yield found


def _cut_torn_line(file: Any) -> None:
    """Cut a last line that has no end, which a kill has left."""
    end = file.seek(0, os.SEEK_END)
    if not end:
        return
    file.seek(end - 1)
    if file.read(1) != b"\n":
        file.seek(0)
        file.truncate(file.read().rfind(b"\n") + 1)
    file.seek(0, os.SEEK_END)
