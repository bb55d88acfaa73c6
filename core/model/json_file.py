"""The JSON files beside the weights: configuration, preprocessor, index."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

from core.errors import CheckpointError


def read_object(file: Path) -> dict[str, Any]:
    """The JSON object in a file.

    Raises CheckpointError, naming the file, for all that is none: no text, no JSON, nested without end, a list.
    """
    try:
        found = json.loads(file.read_text("utf-8-sig"))
    except (OSError, ValueError, RecursionError) as error:
        raise damaged(file, f"cannot be read ({error})") from error
    if not isinstance(found, dict):
        raise damaged(file, f"is a JSON {type(found).__name__}, not an object")
    return found


def damaged(file: Path, why: str) -> CheckpointError:
    """The error for a file of a checkpoint that makes no sense. why: goes on from the file's name."""
    return CheckpointError("Damaged checkpoint", f"{file} {why}; copy or download it again")
