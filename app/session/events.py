"""Reading a session back, as far as it can be read: a damaged record is lost alone, with a note."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import pairwise
from pathlib import Path
from typing import Any

from app.session.journal import EVENTS, VERSION, is_written
from app.session.records import Record
from app.session.session_name import session_name
from app.session.shown_source import without_secrets
from core.errors import SessionError
from core.messages import Line

NOTES = "notes.jsonl"
"""Beside the events: what a person wrote about them. Append-only, too."""
START = b'{"type"'
"""Every record begins with this, and no string inside one can hold it: a quote in a string is escaped."""
MAX_DAMAGE_TOLD = 5

_NUMBER = (int, float)
SHAPES: dict[str, dict[str, type | tuple[type, ...]]] = {
    "line": {"round": int, "start": _NUMBER, "end": _NUMBER, "text": str, "captured_at": _NUMBER, "shown_at": _NUMBER},
    "stats": {"round": int},
    "drop": {"cause": str, "frames": int, "media_time": _NUMBER},
    "gap": {"start": _NUMBER, "end": _NUMBER, "reason": str},
    "jump": {"at": _NUMBER, "to": _NUMBER},
    "paused": {"at": _NUMBER},
    "resumed": {"at": _NUMBER},
    "question": {"text": str},
    "error": {"title": str, "message": str},
    "mark": {"at": _NUMBER},
    "note": {"text": str},
    "correction": {"round": int, "text": str},
    "title": {"text": str},
    "tags": {"tags": list},
}
"""What a record of a known type must hold to be used. Further fields, and other types, are left as they are."""


@dataclass(frozen=True, slots=True)
class Session:
    """What a session's folder holds.

    Attributes:
        folder: where it lies.
        events: every event in the order written, the settings first.
        cut: the last line was being written when the program was killed, and is lost.
        notes: marks, notes, corrections, title and tags, in the order written.
        damage: one sentence for each record that could not be read, and one where a newer version wrote the session.
    """

    folder: Path
    events: tuple[Record, ...]
    cut: bool
    notes: tuple[Record, ...] = ()
    damage: tuple[str, ...] = ()

    @property
    def settings(self) -> Record:
        return next((event for event in self.events if event["type"] == "settings"), {})

    @property
    def is_broken_off(self) -> bool:
        """The program that wrote it ended without closing it, and writes it no more; older sessions do not tell."""
        ended = any(event["type"] == "closed" for event in self.events)
        return "version" in self.settings and not ended and not is_written(self.folder)

    @property
    def lines(self) -> list[Line]:
        """What was said, silence left out, by source time. A correction takes the place of what it corrects."""
        spoken = [event for event in self.events if event["type"] == "line" and event["text"].strip()]
        corrected = self.corrections
        lines = [_line(event, corrected.get(event["round"])) for event in spoken]
        return sorted(lines, key=lambda line: line.start)

    @property
    def rounds(self) -> dict[int, Line]:
        """Every round's line by its number, silence as well, corrected as `lines` are."""
        corrected = self.corrections
        lines = [event for event in self.events if event["type"] == "line"]
        return {event["round"]: _line(event, corrected.get(event["round"])) for event in lines}

    @property
    def corrections(self) -> dict[int, str]:
        """Round -> what a person wrote in place of its line; "" takes the line out."""
        return {note["round"]: note["text"] for note in self.annotations if note["type"] == "correction"}

    @property
    def annotations(self) -> list[Record]:
        """Marks, notes and corrections, whether they were made while live or afterwards."""
        live = [event for event in self.events if event["type"] in ("mark", "note", "correction")]
        return live + [note for note in self.notes if note["type"] in ("mark", "note", "correction")]

    @property
    def jumps(self) -> tuple[tuple[float, float], ...]:
        """Source second -> the second of the watched film that was shown from then on, in order."""
        return tuple((event["at"], event["to"]) for event in self.events if event["type"] == "jump")

    @property
    def title(self) -> str:
        """What a person calls it: the last title given, else the name it was recorded under."""
        given = [note["text"] for note in self.notes if note["type"] == "title" and note["text"].strip()]
        return given[-1] if given else session_name(self.settings, self.folder.name)

    @property
    def tags(self) -> tuple[str, ...]:
        given = [note["tags"] for note in self.notes if note["type"] == "tags"]
        return tuple(tag for tag in given[-1] if isinstance(tag, str)) if given else ()


def read_session(path: Path) -> Session:
    """Read a session's folder, or its events file. Raises SessionError for anything else."""
    folder = path.parent if path.name == EVENTS else path
    try:
        data = (folder / EVENTS).read_bytes()
    except OSError as error:
        raise SessionError("No such session", f"{path} holds no readable {EVENTS} ({error.strerror})") from error
    events, damage = parse(data)
    events = [without_secrets(event) if event["type"] == "settings" else event for event in events]
    notes, notes_damage = parse(read_notes(folder))
    newer = _newer(events)
    told = [*newer, *_told(damage, EVENTS), *_told(notes_damage, NOTES)]
    return Session(folder, tuple(events), bool(data) and not data.endswith(b"\n"), tuple(notes), tuple(told))


def read_notes(folder: Path) -> bytes:
    """The notes as they lie on the disk; empty when there are none or they cannot be read."""
    try:
        return (folder / NOTES).read_bytes()
    except OSError:
        return b""


def parse(data: bytes) -> tuple[list[Record], list[tuple[int, str]]]:
    """The records of whole lines, and of each record that was lost the number of its line, from 1, and why.

    What stands behind the last line break was still being written and is neither. Blank lines are nothing.
    """
    records: list[Record] = []
    damage: list[tuple[int, str]] = []
    whole, _, _ = data.rpartition(b"\n")
    for number, line in enumerate(whole.split(b"\n"), 1):
        if not line.strip():
            continue
        for found in _found(line):
            if isinstance(found, str):
                damage.append((number, found))
            else:
                records.append(found)
    return records, damage


def _found(line: bytes) -> Iterator[Record | str]:
    """The record of a line; of a damaged one the records that can be saved, and why each other one cannot."""
    try:
        yield _record(line)
        return
    except (ValueError, RecursionError):
        pieces = [line] if _is_json(line) else _pieces(line)
    for piece in pieces:
        try:
            yield _record(piece)
        except (ValueError, RecursionError) as error:
            yield _reason(piece, error)


def _pieces(line: bytes) -> list[bytes]:
    """A damaged line cut where records begin: a damaged line break joins two, of which neither need be lost."""
    bounds = [match.start() for match in re.finditer(re.escape(START), line)]
    if not bounds:
        return [line]
    pieces = [line[begin:end] for begin, end in pairwise([*bounds, len(line)])]
    whole = [piece[:-1] if _is_json(piece[:-1]) else piece for piece in pieces]
    return whole if bounds[0] == 0 else [line[: bounds[0]], *whole]


def _is_json(data: bytes) -> bool:
    try:
        json.loads(data)
    except (ValueError, RecursionError):
        return False
    return True


def _record(data: bytes) -> Record:
    """One record, checked. Raises ValueError."""
    record = json.loads(data)
    if not isinstance(record, dict) or not isinstance(record.get("type"), str):
        raise ValueError("is no record")
    if b"\\u" in data:
        record = _encodable(record)
    for name, kind in SHAPES.get(record["type"], {}).items():
        value = record.get(name)
        if not isinstance(value, kind) or (kind is not str and not _is_usable(value)):
            raise ValueError(f"{record['type']} without a proper {name}")
    return record


def _is_usable(value: Any) -> bool:
    """Whether a number can be reckoned with: finite, and no more than any clock shows."""
    return isinstance(value, list) or (value is not True and value is not False and -1e15 < value < 1e15)


def _encodable(value: Any) -> Any:
    """The same with lone surrogates, which no file takes, replaced."""
    if isinstance(value, str):
        return value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, list):
        return [_encodable(item) for item in value]
    if isinstance(value, dict):
        return {_encodable(name): _encodable(item) for name, item in value.items()}
    return value


def _reason(data: bytes, error: Exception) -> str:
    if not data.strip(b"\0 \r"):
        return "zeroes"
    if isinstance(error, UnicodeDecodeError):
        return "no UTF-8"
    if isinstance(error, json.JSONDecodeError):
        return "no JSON"
    return str(error) if isinstance(error, ValueError) else "nested too deeply"


def _told(damage: list[tuple[int, str]], file: str) -> list[str]:
    told = [f"{file}, line {number}, is damaged and left out ({why})" for number, why in damage[:MAX_DAMAGE_TOLD]]
    rest = len(damage) - len(told)
    return [*told, f"{file}: {rest} more records are damaged and left out"] if rest else told


def _newer(events: list[Record]) -> list[str]:
    versions = [event.get("version") for event in events if event["type"] == "settings"]
    if any(isinstance(version, int) and version > VERSION for version in versions):
        return ["A newer version of Courtside wrote this session: what this one does not know is left out"]
    return []


def _line(event: Record, correction: str | None) -> Line:
    tokens = event.get("tokens")
    line = Line(
        event["round"],
        event["start"],
        event["end"],
        event["text"],
        event["captured_at"],
        event["shown_at"],
        tuple(tokens) if isinstance(tokens, list) else (),
    )
    return line if correction is None else replace(line, text=correction)
