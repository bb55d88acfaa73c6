"""Where this user's settings and sessions are."""

from __future__ import annotations

import os
from pathlib import Path

from core.errors import CourtsideError, UsageError

CRASH_FILE = "engine-crash.txt"
"""In the folder of the settings: what is kept of an engine that crashed, `courtside doctor --report` collects it."""

MOVED_FILE = "sessions-folder"
"""In the folder of the settings, one line: where the sessions are, once they were moved."""


def config_folder() -> Path:
    """The folder of `settings.toml`: COURTSIDE_CONFIG_DIR when set, else the system's place for this user."""
    chosen = os.environ.get("COURTSIDE_CONFIG_DIR")
    if chosen:
        return Path(chosen)
    try:
        from platformdirs import user_config_path  # only needed once a start, and not at import
    except ImportError:  # a bare Linux server: where platformdirs would say, too
        return Path(os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config") / "courtside"

    return user_config_path("courtside", appauthor=False)


def sessions_folder() -> Path:
    """Where session folders are written: COURTSIDE_SESSIONS_DIR, else where they were moved, else in the documents."""
    chosen = os.environ.get("COURTSIDE_SESSIONS_DIR")
    if chosen:
        return Path(chosen)
    if moved := _moved_to():
        return Path(moved)
    from platformdirs import user_documents_path

    return user_documents_path() / "Courtside"


def set_sessions_folder(folder: Path) -> None:
    """From now on sessions are there. Raises UsageError where the environment decides, CourtsideError."""
    if os.environ.get("COURTSIDE_SESSIONS_DIR"):
        raise UsageError("The sessions stay", "COURTSIDE_SESSIONS_DIR says where they are: change it there")
    place = config_folder() / MOVED_FILE
    part = place.with_suffix(".part")
    try:
        place.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(f"{folder.absolute()}\n", "utf-8")
        part.replace(place)
    except OSError as error:
        raise CourtsideError("The folder cannot be kept", f"{place}: {error.strerror or error}") from error


def _moved_to() -> str:
    try:
        return (config_folder() / MOVED_FILE).read_text("utf-8").strip()
    except (OSError, ValueError):
        return ""
