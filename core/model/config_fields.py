"""Fields of a checkpoint's configuration, each checked as it is read: a file from elsewhere may say anything."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from core.setting_types import MAX_NUMBER

LARGEST = 1 << 24
"""Of any size: far above those of published models, far below what could not be counted in a tensor."""


class ConfigFields:
    """Reads named values of one JSON object. All raise ValueError, with the name, for another kind of value."""

    def __init__(self, raw: Any, name: str = "it") -> None:
        if not isinstance(raw, Mapping):
            raise ValueError(f"{name} is no object")
        self.raw = raw

    def object(self, name: str) -> ConfigFields:
        """An object inside; an empty one where there is none."""
        return ConfigFields(self.raw.get(name) or {}, name)

    def whole(self, name: str, default: int | None = None) -> int:
        """A whole number from 1 to LARGEST. default: where there is none; None: there must be one."""
        found = self.raw.get(name)
        return checked_whole(name, default if found is None else found)

    def wholes(self, name: str) -> tuple[int, ...]:
        """A list of whole numbers from 0 on."""
        found = self.raw.get(name)
        if not isinstance(found, list) or not all(type(n) is int and 0 <= n <= LARGEST for n in found):
            raise ValueError(f"{name} must be a list of whole numbers, not {shown(found)}")
        return tuple(found)

    def positive(self, name: str, default: float) -> float:
        """A finite number above 0."""
        found = self.raw.get(name)
        found = default if found is None else found
        if type(found) not in (int, float) or not 0 < found < MAX_NUMBER:
            raise ValueError(f"{name} must be a number above 0, not {shown(found)}")
        return float(found)

    def flag(self, name: str, default: bool) -> bool:
        """True or false."""
        found = self.raw.get(name, default)
        if not isinstance(found, bool):
            raise ValueError(f"{name} must be true or false, not {shown(found)}")
        return found


def checked_whole(name: str, found: Any) -> int:
    """`found`, if it is a whole number from 1 to LARGEST. Raises ValueError."""
    if type(found) is not int or not 1 <= found <= LARGEST:
        raise ValueError(f"{name} must be a whole number from 1 to {LARGEST:,}, not {shown(found)}")
    return found


def shown(found: Any) -> str:
    """A value from a file, short enough for a line."""
    if found is None:
        return "absent"
    said = repr(found) if type(found) is not int or abs(found) < 10**20 else "a very large one"
    return said if len(said) <= 40 else f"{said[:40]}…"
