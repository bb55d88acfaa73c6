"""What Linux tells of a process or thread in its file `stat` (proc(5))."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

STATE = 0
USER_TICKS = 11
SYSTEM_TICKS = 12
"""Places among the fields."""


def stat_fields(file: Path) -> list[str]:
    """The fields behind the name, which may hold spaces; [] where it has ended, or nothing is told."""
    with suppress(OSError):
        return file.read_text().rpartition(")")[2].split()
    return []


def process_state(process_id: int | None) -> str:
    """One letter of proc(5): R runs, S sleeps, D waits for a disk, T is stopped by a signal, t by a debugger.

    "" where nothing is told.
    """
    fields = stat_fields(Path(f"/proc/{process_id}/stat"))
    return fields[STATE] if fields else ""
