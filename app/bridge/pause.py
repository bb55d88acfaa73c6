"""Pausing a stream between two chunks."""

from __future__ import annotations

import math
import threading
from collections.abc import Callable

from core.messages import Paused, Resumed
from core.video.chunker import ROUNDING_S


class PauseGate:
    """Applies a pause or a resume where a chunk ends, so that no chunk is cut in two."""

    def __init__(self, chunk_s: float, *, waits: bool) -> None:
        """`waits`: the source is held meanwhile and misses nothing; else it goes on unwatched."""
        self._chunk_s = chunk_s
        self._waits = waits
        self._chunk = -1
        self._paused = False
        self._watched = threading.Event()
        self._watched.set()

    def set_watched(self, watched: bool) -> None:
        """Whether the coming chunks are wanted. From any thread."""
        if watched:
            self._watched.set()
        else:
            self._watched.clear()

    @property
    def wanted(self) -> bool:
        """Whether the coming chunks are. From any thread."""
        return self._watched.is_set()

    @property
    def is_paused(self) -> bool:
        """Whether the chunk under way is not watched. In the capture thread."""
        return self._paused

    def admits(self, media_time: float, on_change: Callable[[Paused | Resumed], None]) -> bool:
        """Whether a frame of that source second goes to the model. `on_change` gets each begin and end of a pause."""
        chunk = math.floor((media_time + ROUNDING_S) / self._chunk_s)
        if chunk != self._chunk:
            self._chunk = chunk
            self._switch(chunk * self._chunk_s, on_change)
        return not self._paused

    def _switch(self, at: float, on_change: Callable[[Paused | Resumed], None]) -> None:
        watched = self._watched.is_set()
        if self._paused == watched:
            self._paused = not watched
            on_change(Resumed(at) if watched else Paused(at))
        if self._paused and self._waits:
            self._watched.wait()
            self._paused = False
            on_change(Resumed(at))
