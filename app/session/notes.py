"""What a person writes about a session: marks, notes, corrections, a title, tags. Appended beside the events.

The events stay as the stream wrote them, so that a note can be made while they grow, and by another program.
"""

from __future__ import annotations

import os
import time
from collections.abc import Sequence
from pathlib import Path

from app.session.events import NOTES
from app.session.records import Record, encoded
from core.errors import SessionError
from core.messages import Line


def mark(folder: Path, at: float, text: str = "") -> None:
    """Mark the source second `at`. Raises SessionError, as all here do."""
    _append(folder, {"type": "mark", "at": at, "text": text})


def note(folder: Path, text: str, at: float | None = None) -> None:
    """Write something down about the source second `at`, or about the session as a whole."""
    _append(folder, {"type": "note", "text": text} if at is None else {"type": "note", "text": text, "at": at})


def correct(folder: Path, line: Line, text: str) -> None:
    """What `line` should have said; the original stays in the events. "" takes it out."""
    _append(folder, {"type": "correction", "round": line.round, "at": line.start, "text": text})


def rename(folder: Path, title: str) -> None:
    """A title for people; the folder keeps its name, which others may hold on to."""
    _append(folder, {"type": "title", "text": title})


def tag(folder: Path, tags: Sequence[str]) -> None:
    """These tags in place of all earlier ones."""
    _append(folder, {"type": "tags", "tags": list(tags)})


def _append(folder: Path, entry: Record) -> None:
    """One whole line at once, and on the disk before this returns."""
    data = encoded({**entry, "written_at": time.time()})
    try:
        file = os.open(folder / NOTES, os.O_RDWR | os.O_CREAT | os.O_APPEND, 0o600)
        try:
            os.write(file, data if _ends_whole(file) else b"\n" + data)
            os.fsync(file)
        finally:
            os.close(file)
    except OSError as error:
        raise SessionError("The note cannot be written", f"{folder / NOTES}: {error.strerror}") from error


def _ends_whole(file: int) -> bool:
    """Whether what was written before ends with a line break; a program killed half way leaves none."""
    size = os.fstat(file).st_size
    return size == 0 or os.pread(file, 1, size - 1) == b"\n"
