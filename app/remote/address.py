"""Where a running Courtside can be reached: sockets in a folder that only this user may enter."""

from __future__ import annotations

import hashlib
import os
import socket
import stat
import tempfile
from pathlib import Path

from core.errors import CourtsideError

WINDOW = "window"
"""The name of the one window; every `courtside watch` is `watch-PID`."""
SUFFIX = ".sock"
LONGEST_PATH = 100
"""Bytes of a socket's path; Linux takes 107, macOS 103."""


def supported() -> bool:
    """Whether this system has sockets that lie in a folder."""
    return hasattr(socket, "AF_UNIX") and hasattr(os, "getuid")


def runtime_folder() -> Path:
    """The folder of the sockets of whoever uses this config folder. It need not exist."""
    chosen = os.environ.get("COURTSIDE_CONFIG_DIR")
    own = hashlib.sha256(os.fsencode(Path(chosen).absolute())).hexdigest()[:8] if chosen else "default"
    given = os.environ.get("XDG_RUNTIME_DIR", "")
    if os.path.isdir(given) and len(os.fsencode(given)) < LONGEST_PATH - 40:
        return Path(given) / "courtside" / own
    return Path(tempfile.gettempdir()) / f"courtside-{os.getuid()}" / own


def make_private(folder: Path) -> None:
    """Makes the folder and the one around it for this user alone.

    Raises CourtsideError where somebody else's is in its place.
    """
    for part in (folder.parent, folder):
        try:
            part.mkdir(mode=0o700, parents=True, exist_ok=True)
            found = part.lstat()
        except OSError as error:
            raise CourtsideError("No place for a socket", f"{part}: {error.strerror}") from error
        if not stat.S_ISDIR(found.st_mode) or found.st_uid != os.getuid() or found.st_mode & 0o077:
            message = f"{part} is not a folder that only you may enter; remove it, or set XDG_RUNTIME_DIR"
            raise CourtsideError("No place for a socket", message)


def socket_path(name: str) -> Path:
    return runtime_folder() / f"{name}{SUFFIX}"


def found_sockets() -> list[Path]:
    """Of all that may be running: the window, then `courtside watch`, the one started last first."""
    found = [(path.stem == WINDOW, _changed_at(path), path) for path in runtime_folder().glob(f"*{SUFFIX}")]
    return [path for _, _, path in sorted(found, reverse=True)]


def _changed_at(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:  # it has just ended
        return 0.0
