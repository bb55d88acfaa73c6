"""Pausing a stream between two chunks."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

from core.messages import Paused, Resumed
from core.video.chunker import ROUNDING_S


class Pause:
    """Carries out the viewer's wish where a chunk ends, so that no chunk is cut in two."""

    def __init__(self, chunk_s: float, *, waits: bool) -> None:
        """`waits`: the source is held meanwhile and misses nothing; else it goes on unwatched."""
        self._chunk_s = chunk_s
        self._waits = waits
        self._chunk = -1
        self._paused = False
        self._wanted = threading.Event()
        self._wanted.set()

    def want(self, watched: bool) -> None:
        """Whether the coming chunks are wanted. From any thread."""
        if watched:
            self._wanted.set()
        else:
            self._wanted.clear()

    def passes(self, media_time: float, tell: Callable[[Paused | Resumed], None]) -> bool:
        """Whether a frame of that source second goes to the model. `tell` hears where a pause begins and ends."""
        chunk = math.floor((media_time + ROUNDING_S) / self._chunk_s)
        if chunk != self._chunk:
            self._chunk = chunk
            self._turn(chunk * self._chunk_s, tell)
        return not self._paused

    def _turn(self, at: float, tell: Callable[[Paused | Resumed], None]) -> None:
        wanted = self._wanted.is_set()
        if self._paused == wanted:
            self._paused = not wanted
            tell(Resumed(at) if wanted else Paused(at))
        if self._paused and self._waits:
            self._wanted.wait()
            self._paused = False
            tell(Resumed(at))
