"""Whether the last session was broken off, told at the next start without reading all of it."""

from __future__ import annotations

import json
import os
from pathlib import Path

from app.session.journal import EVENTS, is_written

TAIL_BYTES = 4096
FIRST = b'{"type":"closed"'


def broken_off(root: Path) -> Path | None:
    """The newest session, when its program ended without closing it and writes it no more; else None."""
    try:
        names = sorted(os.listdir(root), reverse=True)
        newest = next((root / name for name in names if (root / name / EVENTS).is_file()), None)
        if newest is None or not _should_be_closed(newest) or is_written(newest):
            return None
    except OSError:
        return None
    return newest


def _should_be_closed(folder: Path) -> bool:
    """Whether its settings have a version and its end no closing record."""
    with (folder / EVENTS).open("rb") as file:
        try:
            settings = json.loads(file.readline())
        except ValueError:
            return False
        size = file.seek(0, 2)
        file.seek(max(0, size - TAIL_BYTES))
        tail = file.read()
    return isinstance(settings, dict) and "version" in settings and FIRST not in tail
