"""The states a stream goes through, as the window shows them."""

from __future__ import annotations

from enum import Enum

from app.texts import noop


class Phase(Enum):
    """What the stream is doing; the value is what the status line says."""

    IDLE = noop("Ready to start")
    LOADING = noop("Loading model…")
    LIVE = noop("Live")
    PAUSED = noop("Paused")
    STOPPING = noop("Stopping…")
    STOPPED = noop("Stopped")

    @property
    def running(self) -> bool:
        """Whether Stop makes sense."""
        return self in (Phase.LOADING, Phase.LIVE, Phase.PAUSED)

    @property
    def pausable(self) -> bool:
        """Whether Pause, or Resume, makes sense."""
        return self in (Phase.LIVE, Phase.PAUSED)

    @property
    def at_rest(self) -> bool:
        """Whether Start makes sense."""
        return self in (Phase.IDLE, Phase.STOPPED)
