"""What a source tells of its pictures while a stream goes on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class PrivateWindow:
    """From source second `at` on a window that must not be watched can be seen, and nothing is watched; or no more."""

    at: float
    visible: bool


@dataclass(frozen=True, slots=True)
class Jumped:
    """From source second `at` on a film is watched from its own second `to` on."""

    at: float
    to: float


@dataclass(frozen=True, slots=True)
class SourceTrouble:
    """From source second `at` on the source is away, and tried again, or its picture stands; "": all is well again."""

    at: float
    trouble: Literal["", "lost", "still"]
