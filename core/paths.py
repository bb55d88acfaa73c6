"""Paths as people write them."""

from __future__ import annotations

import os
from pathlib import Path


def user_path(written: str) -> Path:
    """The path; `~` is the home of whoever runs this, and stays as it is where there is none of that name.

    A character that no path can have is replaced, so that there is nothing of that name.
    """
    return Path(os.path.expanduser(written.replace("\0", "\N{REPLACEMENT CHARACTER}")))
