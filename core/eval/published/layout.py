"""Reading the files of published layouts: JSON lines with their numbers, and the videos they name."""

from __future__ import annotations

import json
import math
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

from core.errors import DataError
from core.eval.published.skipped import SkippedItems

Item = TypeVar("Item")


def read_lines(path: Path, read: Callable[[dict[str, Any]], Item], skipped: SkippedItems) -> list[Item]:
    """The items of a file of JSON lines. A line that is none is left out, with its number.

    Args:
        read: from the line's object to an item; raises ValueError, KeyError, TypeError or IndexError for a wrong one.

    Raises DataError where there is no such file or it holds no good line.
    """
    items = []
    for number, line in enumerate(_bytes(path).split(b"\n"), 1):
        if not line.strip():
            continue
        try:
            items.append(read(_object(json.loads(line.decode("utf-8")))))
        except (ValueError, LookupError, TypeError) as error:
            skipped.add("bad_line", f"{path}, line {number}", reason(error))
    if not items:
        raise DataError("Nothing to evaluate", f"{path} has no line that can be used")
    return items


def read_entries(path: Path, read: Callable[[dict[str, Any]], list[Item]], skipped: SkippedItems) -> list[Item]:
    """The items of a JSON file that holds one list. An entry that is wrong is left out, with its number (from 1).

    Raises DataError where there is no such file, it is no list, or it holds no good entry.
    """
    try:
        found = json.loads(_bytes(path))
    except ValueError as error:
        raise DataError("Not JSON", f"{path}: {error}") from error
    if not isinstance(found, list):
        raise DataError("Not a list", f"{path} holds no JSON list")
    items: list[Item] = []
    for number, entry in enumerate(found, 1):
        try:
            items += read(_object(entry))
        except (ValueError, LookupError, TypeError) as error:
            skipped.add("bad_line", f"{path}, entry {number}", reason(error))
    if not items:
        raise DataError("Nothing to evaluate", f"{path} has no entry that can be used")
    return items


def text(value: Any, name: str) -> str:
    """The value, where it is a text. Raises ValueError."""
    if not isinstance(value, str):
        raise ValueError(f"{name!r} is no text")
    return value


def seconds(value: Any, name: str) -> float:
    """The value, where it is a number of seconds. Raises ValueError."""
    if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError(f"{name!r} is no number of seconds")
    return float(value)


def find_video(name: str, *roots: Path) -> Path:
    """Where a video lies: as named, or below the first root that has it; below the first where none has."""
    path = Path(name)
    if path.is_absolute():
        return path
    return next((root / path for root in roots if (root / path).is_file()), roots[0] / path)


def safe_name(name: str) -> str:
    """A model's name as the name of a folder, as the published scripts write it."""
    return name.strip("/").replace("/", "_").replace("\\", "_") or "model"


def reason(error: Exception) -> str:
    """Why an entry is wrong, in a few words."""
    return f"{error} is missing" if isinstance(error, KeyError) else str(error) or type(error).__name__


def _object(found: Any) -> dict[str, Any]:
    if not isinstance(found, dict):
        raise ValueError("it is no JSON object")
    return found


def _bytes(path: Path) -> bytes:
    if not path.is_file():
        raise DataError("No such file", f"{path} does not exist" if not path.exists() else f"{path} is no file")
    try:
        return path.read_bytes()
    except OSError as error:
        raise DataError("Cannot read", f"{path}: {error.strerror or error}") from error
