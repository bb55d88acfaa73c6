"""Taking sessions from elsewhere into the library: another folder, another machine's disk."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

from app.session.journal import EVENTS
from core.errors import SessionError

UNFINISHED = ".importing-"
"""A folder still being copied; the library passes over what begins with a dot."""
MAX_OF_ONE_NAME = 100


def import_sessions(source: Path, root: Path, copy: Callable[[str, str], object] = shutil.copy2) -> list[Path]:
    """Copy the session `source`, or all sessions right below it, into the library. Returns the new folders.

    A session that is there already, the same events under the same name, is passed over; another of that name gets a
    number. `copy` takes one file to another place. Raises SessionError when there is none, or when one cannot be
    copied; those before it stay.
    """
    sessions = [source] if (source / EVENTS).is_file() else sorted(path.parent for path in source.glob(f"*/{EVENTS}"))
    if not sessions:
        raise SessionError("Nothing to import", f"{source} is no session, and holds none")
    if any(session.parent.resolve() == root.resolve() for session in sessions):
        raise SessionError("Nothing to import", f"{source} is in the library already")
    copies = [_copy(session, root, copy) for session in sessions]
    return [made for made in copies if made is not None]


def _copy(session: Path, root: Path, copy: Callable[[str, str], object]) -> Path | None:
    """All or nothing; None when it is there already."""
    unfinished = root / f"{UNFINISHED}{session.name}"
    try:
        target = _place_for(session, root)
        if target is None:
            return None
        root.mkdir(parents=True, exist_ok=True)
        shutil.rmtree(unfinished, ignore_errors=True)
        shutil.copytree(session, unfinished, copy_function=copy)
        unfinished.rename(target)
    except (OSError, shutil.Error) as error:
        shutil.rmtree(unfinished, ignore_errors=True)
        why = getattr(error, "strerror", None) or "not everything could be copied"
        raise SessionError("Cannot import", f"{session}: {why}") from error
    return target


def _place_for(session: Path, root: Path) -> Path | None:
    """A folder that nobody has; None when that very session is in the library."""
    events = (session / EVENTS).read_bytes()
    for number in range(1, MAX_OF_ONE_NAME):
        target = root / (session.name if number == 1 else f"{session.name} ({number})")
        if not target.exists():
            return target
        if (target / EVENTS).is_file() and (target / EVENTS).read_bytes() == events:
            return None
    raise FileExistsError(17, f"{session.name} is there {MAX_OF_ONE_NAME} times")
