"""Where this user's settings and sessions are."""

from __future__ import annotations

import os
from pathlib import Path

CRASH_FILE = "engine-crash.txt"
"""In the folder of the settings: what is kept of an engine that crashed, `courtside doctor --report` collects it."""


def config_folder() -> Path:
    """The folder of `settings.toml`: COURTSIDE_CONFIG_DIR when set, else the system's place for this user."""
    chosen = os.environ.get("COURTSIDE_CONFIG_DIR")
    if chosen:
        return Path(chosen)
    from platformdirs import user_config_path  # only needed once a start, and not at import

    return user_config_path("courtside", appauthor=False)


def sessions_folder() -> Path:
    """Where session folders are written: COURTSIDE_SESSIONS_DIR when set, else the user's documents."""
    chosen = os.environ.get("COURTSIDE_SESSIONS_DIR")
    if chosen:
        return Path(chosen)
    from platformdirs import user_documents_path

    return user_documents_path() / "Courtside"
