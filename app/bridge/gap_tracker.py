"""Which source seconds of a stream were not watched, and why."""

from __future__ import annotations

from typing import TYPE_CHECKING

from app.capture.source import SourceNotice
from core.messages import Gap, Paused, Resumed
from core.source_messages import Jumped, PrivateWindow
from core.types import Chunk
from core.video.chunker import ROUNDING_S

if TYPE_CHECKING:
    from app.bridge.mailbox import Marker

DROPPED = "frames were dropped"
PAUSED = "paused"
SOURCE_LOST = "the source was lost"
PRIVATE = "private window"
JUMPED = "jumped in the film"
SWITCHED = "another source or model"
"""Why a gap is there."""


class GapTracker:
    """Belongs to the worker thread.

    Attributes:
        reached: source seconds at which the last chunk ended.
    """

    def __init__(self, reached: float | None = None) -> None:
        """reached: where an earlier stream ended in the place of which this one goes on."""
        self.reached = reached or 0.0
        self._reason = DROPPED if reached is None else SWITCHED

    def before(self, chunk: Chunk) -> Gap | None:
        """What was not watched between the last chunk and this one."""
        missed = chunk.start > self.reached + ROUNDING_S
        gap = Gap(self.reached, chunk.start, self._reason) if missed else None
        self.reached = chunk.end
        self._reason = DROPPED
        return gap

    def at_end(self, lost_until: float | None) -> Gap | None:
        """What was not watched after the last chunk when the source is away at the end."""
        missed = lost_until is not None and lost_until > self.reached + ROUNDING_S
        return Gap(self.reached, lost_until, SOURCE_LOST) if missed and lost_until is not None else None

    def note(self, why: Gap | Marker) -> None:
        """The reason of what is missed until the next chunk."""
        match why:
            case Gap(reason=reason):
                self._reason = reason
            case SourceNotice(lost=True):
                self._reason = SOURCE_LOST
            case Paused() | Resumed():
                self._reason = PAUSED
            case PrivateWindow():
                self._reason = PRIVATE
            case Jumped():
                self._reason = JUMPED
