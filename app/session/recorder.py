"""Writing a session: one folder, one file of events that only ever grows."""

from __future__ import annotations

import os
import re
import time
from datetime import datetime
from pathlib import Path
from typing import Any

from app.session.records import Record, encoded, record
from core.errors import SessionError
from core.messages import Message

EVENTS = "events.jsonl"


class Recorder:
    """An output that appends every event at once and whole: kill -9 loses at most the line being written.

    When the disk refuses, `handle` raises SessionError; what was written before stays readable.

    Attributes:
        folder: the session's own folder.
    """

    name = "The session"

    def __init__(self, root: Path, name: str, settings: dict[str, Any]) -> None:
        """Makes `root/YYYY-MM-DD HH-MM-SS NAME/` and writes the settings. Raises SessionError."""
        try:
            self.folder = _new_folder(root, name)
            self._file = os.open(self.folder / EVENTS, os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_APPEND, 0o644)
        except OSError as error:
            raise _refused(root, error) from error
        self._write(
            {"type": "settings", "name": name, "started_at": time.time(), "clock": time.monotonic(), **settings}
        )

    def handle(self, message: Message) -> None:
        """Append what the stream says and what the viewer asks for. Raises SessionError when the disk refuses."""
        entry = record(message)
        if entry is not None:
            self._write(entry)

    def close(self) -> None:
        """No more events; harmless when closed already."""
        if self._file >= 0:
            os.close(self._file)
            self._file = -1

    def _write(self, entry: Record) -> None:
        if self._file < 0:
            return
        size = os.fstat(self._file).st_size
        try:
            _write_all(self._file, encoded(entry))
        except OSError as error:
            os.ftruncate(self._file, size)  # no half line stays
            raise _refused(self.folder, error) from error


def _write_all(file: int, data: bytes) -> None:
    """One call, as a rule; a disk that is nearly full takes a part and refuses the rest."""
    while data:
        data = data[os.write(file, data) :]


def _new_folder(root: Path, name: str) -> Path:
    """A folder that no other session has: two started in the same second differ by a number."""
    stem = f"{datetime.now():%Y-%m-%d %H-%M-%S} {_safe(name)}"
    for number in range(1, 100):
        folder = root / (stem if number == 1 else f"{stem} ({number})")
        try:
            folder.mkdir(parents=True)
        except FileExistsError:
            continue
        return folder
    raise FileExistsError(f"{stem} exists 99 times")


def _safe(name: str) -> str:
    """The name as every file system takes it."""
    return re.sub(r'[\x00-\x1f<>:"/\\|?*]+', "-", name).strip(" .-")[:80] or "session"


def _refused(path: Path, error: OSError) -> SessionError:
    why = error.strerror or str(error)
    return SessionError("The session cannot be written", f"{path}: {why}. The commentary goes on without it.")
