"""The secret in the overlay page's address: the same at every start, so that a browser source finds the page again."""

from __future__ import annotations

import contextlib
import os
import re
import secrets
from pathlib import Path

from app.folders import config_folder

FILE_NAME = "page-token"
TOKEN = re.compile(r"[A-Za-z0-9_-]{32,64}")


def page_token(folder: Path | None = None) -> str:
    """This user's secret, made at its first use in a file for this user alone; where none can be kept, a new one."""
    path = (folder or config_folder()) / FILE_NAME
    with contextlib.suppress(OSError, ValueError):
        kept = path.read_text("ascii").strip()
        if TOKEN.fullmatch(kept):
            return kept
    token = secrets.token_urlsafe(24)
    with contextlib.suppress(OSError):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.unlink(missing_ok=True)
        file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(file, "w", encoding="ascii") as out:
            out.write(f"{token}\n")
    return token
