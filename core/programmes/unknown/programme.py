"""Footage on which there is nothing to say: the only right commentary is silence."""

from __future__ import annotations

from random import Random

import numpy as np

from core.programmes.programme import Event, Mention, Programme
from core.programmes.unknown.scenes import SCENES


class UnknownEpisode:
    """One scene; the kinds of scenes take turns from seed to seed. Frames may be asked for in any order."""

    context = ""

    def __init__(self, seed: int, scoreboard: bool = False) -> None:
        self._scene = SCENES[seed % len(SCENES)](Random(f"unknown {seed}"))

    def frame(self, time_s: float) -> np.ndarray:
        """(720, 1280, 3) uint8 RGB."""
        return self._scene(time_s)

    def events(self, start_s: float, end_s: float) -> list[Event]:
        """None."""
        return []

    def line(self, start_s: float) -> str:
        """Silence."""
        return ""

    def mentions(self, text: str) -> list[Mention]:
        """None: whatever is said here is wrong."""
        return []

    def close(self) -> None:
        """Nothing was started."""


PROGRAMME = Programme("unknown", (), (), UnknownEpisode)
