"""What a stream leaves to the one that goes on in its place, with another source or another model."""

from __future__ import annotations

import math
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.messages import TextMemory
from core.video.chunker import ROUNDING_S

if TYPE_CHECKING:
    from app.bridge.frame_selection import TakeFrame
    from app.bridge.mute import Mute


@dataclass(frozen=True, slots=True)
class ResumeState:
    """Taken once it has ended.

    Attributes:
        rounds: how many it had. reached: source seconds at which its last chunk ended. at: when that was, monotonic.
        memory: the words in its engine's context; None before the first round, or where it keeps none.
        watched: who else got each frame. paused: whether it was. mute: whether nothing is said.
    """

    rounds: int
    reached: float
    at: float
    memory: TextMemory | None
    watched: TakeFrame | None
    paused: bool
    mute: Mute

    def begins(self, chunk_s: float) -> float:
        """The source second that it is now: time has gone on meanwhile, and a chunk is not cut in two."""
        now = self.reached + time.monotonic() - self.at
        return math.ceil(now / chunk_s - ROUNDING_S) * chunk_s
