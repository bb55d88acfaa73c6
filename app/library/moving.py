"""Moving the whole library to another folder, on this disk or another one."""

from __future__ import annotations

import os
import shutil
from contextlib import suppress
from pathlib import Path

from app.folders import set_sessions_folder
from app.library import database
from app.library.importing import import_sessions
from app.session.journal import EVENTS, is_written
from core.errors import SessionError


def move_library(root: Path, target: Path) -> int:
    """Moves every session below `root` to `target`, where they are written from then on. Returns how many.

    First all are copied, or linked where both are on one disk; only when all are there the new folder counts, and only
    then the old ones go: whatever fails, no session is lost, and the old folder still counts. The index is made anew
    there. Raises SessionError, UsageError, CourtsideError.
    """
    sessions = sorted(path.parent for path in root.glob(f"*/{EVENTS}"))
    _check(root, target, sessions)
    try:
        target.mkdir(mode=0o700, parents=True, exist_ok=True)
    except OSError as error:
        raise SessionError("Cannot move the library", f"{target}: {error.strerror or error}") from error
    if sessions:
        import_sessions(root, target, copy=linked_or_copied)
    set_sessions_folder(target)
    for session in sessions:
        shutil.rmtree(session, ignore_errors=True)
    database.remove(root)
    with suppress(OSError):  # something else lies in it: that stays
        root.rmdir()
    return len(sessions)


def _check(root: Path, target: Path, sessions: list[Path]) -> None:
    """Raises SessionError."""
    here = root.resolve()
    there = target.resolve()
    if there == here or here in there.parents or there in here.parents:
        raise SessionError("Cannot move the library", f"{target} is where it is, or around it, or inside it")
    if target.exists() and not target.is_dir():
        raise SessionError("Cannot move the library", f"{target} is no folder")
    busy = [session.name for session in sessions if is_written(session)]
    if busy:
        raise SessionError("Cannot move the library", f"{busy[0]} is being recorded: stop it first")


def linked_or_copied(source: str, target: str) -> str:
    """One file: another name for it where both are on one disk, else a copy."""
    try:
        os.link(source, target)
    except OSError:
        shutil.copy2(source, target)
    return target
