"""The degrade ladder: what is given up, step by step, so that the engine stays under its memory ceiling."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class QualityLevel:
    """One step of the ladder, in shares of what was asked for.

    Attributes:
        pixels: share of the pixels of a frame. frames: share of the frames. vision: share of the vision window.
    """

    pixels: float = 1.0
    frames: float = 1.0
    vision: float = 1.0

    def __str__(self) -> str:
        parts = {"pixels": self.pixels, "frames": self.frames, "vision window": self.vision}
        return ", ".join(f"{share:.0%} of the {name}" for name, share in parts.items() if share < 1) or "everything"


QUALITY_LEVELS = (
    QualityLevel(),
    QualityLevel(pixels=0.5),
    QualityLevel(pixels=0.25),
    QualityLevel(pixels=0.25, frames=0.5),
    QualityLevel(pixels=0.25, frames=0.25),
    QualityLevel(pixels=0.25, frames=0.25, vision=0.5),
    QualityLevel(pixels=0.25, frames=0.25, vision=0.25),
    QualityLevel(pixels=0.25, frames=0.25, vision=0.125),
)
"""Fewer pixels first, then fewer frames, then a shorter vision window."""


def best_level_within(needed: Callable[[QualityLevel], int], limit: float) -> QualityLevel:
    """The first level that needs at most `limit`; the last one where none does."""
    return next((level for level in QUALITY_LEVELS if needed(level) <= limit), QUALITY_LEVELS[-1])
