"""A stream together with the session that keeps it."""

from __future__ import annotations

import time
from dataclasses import dataclass

from app.bridge.stream import Stream
from app.session.recorder import Recorder
from core.messages import Command


@dataclass(frozen=True, slots=True)
class Take:
    """What is watched once, from start to stop.

    Attributes:
        stream: not started, running or ended. recorder: None when nothing is recorded.
        told: what the source itself knows beforehand ("" when nothing).
    """

    stream: Stream
    recorder: Recorder | None = None
    told: str = ""

    def send(self, command: Command) -> None:
        """To the engine, for the next round, and into the session. From any thread.

        Raises SessionError, once, when the disk refuses; the engine has the command all the same.
        """
        self.stream.send(command)
        if self.recorder is not None:
            self.recorder.command(command, time.monotonic())
