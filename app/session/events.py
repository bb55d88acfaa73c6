"""Reading a session back."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from app.session.recorder import EVENTS
from app.session.records import Record
from core.errors import SessionError
from core.messages import Line


@dataclass(frozen=True, slots=True)
class Session:
    """What a session's folder holds.

    Attributes:
        folder: where it lies.
        events: every event in the order written, the settings first.
        cut: the last line was being written when the program was killed, and is lost.
    """

    folder: Path
    events: tuple[Record, ...]
    cut: bool

    @property
    def settings(self) -> Record:
        return next((event for event in self.events if event["type"] == "settings"), {})

    @property
    def lines(self) -> list[Line]:
        """What was said, silence left out, by source time."""
        spoken = [_line(event) for event in self.events if event["type"] == "line" and event.get("text")]
        return sorted(spoken, key=lambda line: line.start)


def read_session(path: Path) -> Session:
    """Read a session's folder, or its events file. Raises SessionError for anything else."""
    folder = path.parent if path.name == EVENTS else path
    try:
        data = (folder / EVENTS).read_bytes()
    except OSError as error:
        raise SessionError("No such session", f"{path} holds no readable {EVENTS} ({error.strerror})") from error
    whole, _, rest = data.rpartition(b"\n")
    lines = whole.split(b"\n") if whole else []
    return Session(folder, tuple(_event(line, folder, number) for number, line in enumerate(lines, 1)), bool(rest))


def _event(line: bytes, folder: Path, number: int) -> Record:
    try:
        event = json.loads(line)
    except ValueError as error:
        raise SessionError("The session is damaged", f"{folder / EVENTS}, line {number}: {error}") from error
    if not isinstance(event, dict) or "type" not in event:
        raise SessionError("The session is damaged", f"{folder / EVENTS}, line {number} is no event")
    return event


def _line(event: Record) -> Line:
    fields = {name: value for name, value in event.items() if name != "type"}
    try:
        return Line(**{**fields, "tokens": tuple(event.get("tokens", ()))})
    except TypeError as error:
        raise SessionError(
            "The session is damaged", f"a line of the commentary is not as it should be ({error})"
        ) from error
