"""The folder of an evaluation: each part's result is kept as it is known, so that a killed run goes on where it was."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from core.assets import BUNDLED
from core.data.atomic import read_json, write_json
from core.errors import DataError, UsageError

SETTINGS = "settings.json"
REPORT = "report.html"
EDGE_BYTES = 1 << 20


class ResultsFolder:
    """Results by name, one JSON file each, and the settings that all of them were made with.

    Several processes, of one machine or of several that share the folder, may work in it: whoever has claimed a part
    does it, and its claim ends with its process.

    Attributes:
        path: of the folder.
    """

    def __init__(self, path: Path, settings: Mapping[str, Any]) -> None:
        """Raises UsageError where the folder holds results of other settings, DataError where nothing can be written.

        Args:
            settings: whatever changes results; made of what JSON knows.
        """
        self.path = path
        self._settings = json.loads(json.dumps(dict(settings)))
        with self.claimed(SETTINGS):
            before = read_json(path / SETTINGS)
            if before is None:
                write_json(path / SETTINGS, self._settings)
        if before is not None and before != self._settings:
            raise UsageError("Other settings", f"{path} holds results {_difference(before, self._settings)}; "
                             "give another --out, or delete it")  # fmt: skip

    def load(self, name: str) -> dict[str, Any] | None:
        """The result of a part; None where it is not done, or its file cannot be read."""
        found = read_json(self._file(name))
        return found if isinstance(found, dict) else None

    def save(self, name: str, result: Mapping[str, Any]) -> None:
        """Keep the result of a part, whole or not at all. Raises DataError."""
        write_json(self._file(name), dict(result))

    @contextmanager
    def claimed(self, name: str, wait: bool = True) -> Iterator[bool]:
        """A part for this process alone, as long as the block lasts. Raises DataError.

        Args:
            wait: until another process that has it is done, or has died; else False is given at once.
        """
        from filelock import FileLock, Timeout

        locks = self.path / "locks"
        try:
            locks.mkdir(parents=True, exist_ok=True)
            lock = FileLock(locks / f"{name}.lock")
            lock.acquire(timeout=-1 if wait else 0)
        except Timeout:
            yield False
            return
        except OSError as error:
            raise DataError("Cannot write", f"{self.path}: {error.strerror or error}") from error
        try:
            yield True
        finally:
            lock.release()

    def _file(self, name: str) -> Path:
        return self.path / "results" / f"{name}.json"


def _difference(before: Any, now: Mapping[str, Any]) -> str:
    """In which setting two differ."""
    if isinstance(before, dict):
        for name in now:
            if before.get(name) != now[name]:
                return f"of {name} {before.get(name)!r}, not {now[name]!r}"
    return "of another kind"


def checkpoint_digest(folder: Path) -> str:
    """A few letters that another checkpoint does not have: of its small files, and of both ends of its weights."""
    digest = hashlib.sha256()
    for file in sorted(folder.glob("*.json")) + sorted(folder.glob("*.safetensors")):
        size = file.stat().st_size
        digest.update(f"{file.name} {size} ".encode())
        with file.open("rb") as opened:
            digest.update(opened.read(EDGE_BYTES))
            opened.seek(max(0, size - EDGE_BYTES))
            digest.update(opened.read())
    return digest.hexdigest()[:16]


def digest_of(model: str) -> str:
    """The digest of a `--model`; of one that is not here yet, its name. Raises CheckpointError for what is neither."""
    from core.model.hub import cached, parse

    place = parse(model) if model else BUNDLED
    folder = place if isinstance(place, Path) else cached(place)
    return checkpoint_digest(folder) if folder else model
