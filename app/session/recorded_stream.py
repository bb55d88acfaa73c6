"""A stream together with the session that keeps it."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

from app.bridge.stream import Stream
from app.session.recorder import Recorder
from core.messages import Command, Steer


@dataclass(frozen=True, slots=True)
class RecordedStream:
    """What is watched once, from start to stop.

    Attributes:
        stream: not started, running or ended. recorder: None when nothing is recorded.
        source_context: what the source itself knows beforehand; stands in front of every context the viewer gives.
    """

    stream: Stream
    recorder: Recorder | None = None
    source_context: str = ""

    def send(self, command: Command) -> None:
        """To the engine, for the next round, and into the session. From any thread.

        Raises SessionError, once, when the disk refuses; the engine has the command all the same.
        """
        if isinstance(command, Steer) and command.context is not None:
            command = replace(command, context=joined_context(self.source_context, command.context))
        self.stream.send(command)
        if self.recorder is not None:
            self.recorder.command(command, time.monotonic())


def joined_context(source_context: str, context: str) -> str:
    """What the source knows, then what the viewer does."""
    return "\n".join(part for part in (source_context, context) if part)
