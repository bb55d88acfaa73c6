"""Which sessions may go, and putting them into the desktop's trash."""

from __future__ import annotations

import time
from dataclasses import dataclass
from pathlib import Path

from app.library.scan import Row, Stamp
from app.session.journal import EVENTS
from core.errors import SessionError, UsageError


@dataclass(frozen=True, slots=True)
class Rule:
    """What makes a session go: older than one limit or larger than the other, and not among the newest `keep`.

    With neither limit every session but the newest `keep` goes.

    Attributes:
        older_than_s: seconds since it began. larger_than_bytes: of its folder. keep: how many stay whatever they are.
    """

    older_than_s: float | None = None
    larger_than_bytes: float | None = None
    keep: int | None = None

    def applies_to(self, row: Row, now: float) -> bool:
        old = self.older_than_s is not None and now - row.started_at > self.older_than_s
        large = self.larger_than_bytes is not None and row.bytes > self.larger_than_bytes
        return old or large or (self.older_than_s is None and self.larger_than_bytes is None)


def prunable(rows: list[Row], rule: Rule, now: float | None = None) -> list[Row]:
    """Those of `rows` (the newest first) that the rule lets go. Raises UsageError for a rule that says nothing."""
    if rule.older_than_s is None and rule.larger_than_bytes is None and rule.keep is None:
        raise UsageError("Nothing to prune by", "give --older-than DAYS, --larger-than SIZE or --keep N")
    now = time.time() if now is None else now
    later = rows[rule.keep or 0 :]
    return [row for row in later if rule.applies_to(row, now)]


def under_way() -> set[Path]:
    """The folders of sessions that a process of this user is writing just now."""
    import psutil

    folders = set()
    for process in psutil.process_iter():
        try:
            files = process.open_files()
        except (psutil.Error, OSError):
            continue
        folders |= {Path(file.path).parent for file in files if Path(file.path).name == EVENTS}
    return folders


def to_trash(folder: Path) -> None:
    """Put a session's folder into the trash. Raises SessionError where there is none: nothing is deleted then."""
    from send2trash import TrashPermissionError, send2trash

    if Stamp.of(folder) is None:
        raise SessionError("No such session", f"{folder} is none, or has gone already")
    try:
        send2trash(folder)
    except TrashPermissionError as error:
        raise SessionError("No trash", f"the disk of {folder} has none that may be written: delete it there") from error
    except OSError as error:
        raise SessionError("Cannot be put into the trash", f"{folder}: {error.strerror or error}") from error
