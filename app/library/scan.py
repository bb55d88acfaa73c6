"""What the index keeps of one session: read from its folder, and only what is new when the file has grown."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from app.session.events import NOTES, parse, read_notes
from app.session.journal import EVENTS
from app.session.records import Record
from app.session.session_name import session_name
from app.session.shown_source import without_secrets
from app.session.timeline import begun
from app.session.video_file import VIDEO

HEAD_BYTES = 4096
PICTURES = (".jpg", ".jpeg", ".png", ".webp")
VIDEOS = (".mkv", ".mp4", ".webm")


@dataclass(slots=True)
class Row:
    """A session as the index tells it; the fields are the columns of the table `sessions` but for its id."""

    folder: str
    started_at: float = 0.0
    name: str = ""
    title: str = ""
    source: str = ""
    model: str = ""
    persona: str = ""
    tags: str = ""
    length_s: float = 0.0
    lines: int = 0
    words: int = 0
    questions: int = 0
    marks: int = 0
    gaps: int = 0
    dropped: int = 0
    damaged: int = 0
    bytes: int = 0
    pictures: int = 0
    video: int = 0
    broken_off: int = 0
    inode: int = 0
    mtime_ns: int = 0
    file_bytes: int = 0
    read_bytes: int = 0
    head: int = 0
    records: int = 0
    notes_mtime_ns: int = 0
    notes_bytes: int = 0


@dataclass(frozen=True, slots=True)
class Stamp:
    """What tells whether a session has changed since it was read."""

    inode: int
    mtime_ns: int
    file_bytes: int
    notes_mtime_ns: int
    notes_bytes: int

    @classmethod
    def of(cls, folder: Path | str) -> Stamp | None:
        """None where there is no session."""
        try:
            events = os.stat(os.path.join(folder, EVENTS))
        except OSError:
            return None
        try:
            notes = os.stat(os.path.join(folder, NOTES))
        except OSError:
            return cls(events.st_ino, events.st_mtime_ns, events.st_size, 0, 0)
        return cls(events.st_ino, events.st_mtime_ns, events.st_size, notes.st_mtime_ns, notes.st_size)


@dataclass(frozen=True, slots=True)
class Text:
    """Something to be found: what it is, at which source second (None: of the session as a whole), and its words."""

    number: int
    kind: str
    at: float | None
    text: str


def read_events(folder: Path, row: Row, stamp: Stamp) -> tuple[list[Text], bool]:
    """Bring `row` up to date. Returns the texts that are new, and whether all that was known before is void.

    Raises OSError when the file cannot be read.
    """
    with (folder / EVENTS).open("rb") as file:
        head = file.read(min(HEAD_BYTES, row.read_bytes))
        anew = stamp.inode != row.inode or stamp.file_bytes < row.read_bytes or zlib.crc32(head) != row.head
        if anew:
            _forget(row)
        file.seek(row.read_bytes)
        data = file.read()
        whole = data[: data.rfind(b"\n") + 1]
        row.read_bytes += len(whole)
        file.seek(0)
        row.head = zlib.crc32(file.read(min(HEAD_BYTES, row.read_bytes)))
    events, damage = parse(whole)
    row.damaged += len(damage)
    texts = list(_texts(events, row))
    _describe_folder(folder, row)
    row.inode = stamp.inode
    row.mtime_ns = stamp.mtime_ns
    row.file_bytes = stamp.file_bytes
    return texts, anew


def read_annotations(folder: Path, row: Row, stamp: Stamp) -> list[Text]:
    """All that a person wrote about it; title, tags and marks go into `row`."""
    notes, _ = parse(read_notes(folder))
    titles = [note["text"] for note in notes if note["type"] == "title" and note["text"].strip()]
    tags = [note["tags"] for note in notes if note["type"] == "tags"]
    row.title = titles[-1] if titles else row.name
    row.tags = "\n".join(tag for tag in tags[-1] if isinstance(tag, str)) if tags else ""
    row.notes_mtime_ns = stamp.notes_mtime_ns
    row.notes_bytes = stamp.notes_bytes
    kinds = ("mark", "note", "correction")
    found = [(number, note) for number, note in enumerate(notes) if note["type"] in kinds]
    texts = [Text(number, note["type"], _second(note), _told(note)) for number, note in found]
    return [*texts, Text(len(notes), "title", None, f"{row.title} {row.tags}")]


def _forget(row: Row) -> None:
    fresh = Row(row.folder)
    for name in Row.__slots__:
        setattr(row, name, getattr(fresh, name))


def _texts(events: list[Record], row: Row) -> Iterator[Text]:
    if not row.records:
        _describe({}, row)
    for event in events:
        row.records += 1
        kind = event["type"]
        if kind == "settings":
            row.broken_off = int("version" in event)
            _describe(without_secrets(event), row)
            yield from _said(row, "context", 0.0, event.get("context"))
        elif kind == "line":
            row.length_s = max(row.length_s, float(event["end"]))
            if text := event["text"].strip():
                row.lines += 1
                row.words += len(text.split())
                yield Text(row.records, "line", float(event["start"]), text)
        elif kind == "question":
            row.questions += 1
            yield from _said(row, "question", row.length_s, event["text"])
        elif kind == "steer":
            yield from _said(row, "context", row.length_s, event.get("context"))
        elif kind in ("mark", "note"):
            row.marks += kind == "mark"
            yield from _said(row, kind, _second(event), _told(event))
        elif kind == "closed":
            row.broken_off = 0
        elif kind == "gap":
            row.gaps += 1
        elif kind == "drop":
            row.dropped += event["frames"]


def _said(row: Row, kind: str, at: float | None, text: object) -> Iterator[Text]:
    if isinstance(text, str) and text.strip():
        yield Text(row.records, kind, at, text)


def _describe(settings: Record, row: Row) -> None:
    """What the session was: its settings, or what its folder's name tells."""

    def told(name: str) -> str:
        value = settings.get(name)
        return value if isinstance(value, str) else ""

    row.started_at = begun(settings, row.folder)
    row.name = row.title = session_name(settings, row.folder)
    row.source = told("rerun_source") or _source(told("source"), told("origin")) or told("name")
    row.model = told("model") or "bundled"
    row.persona = told("persona")


def _source(source: str, origin: str) -> str:
    """A rerun of old names the file; that is the video of the session that was watched again."""
    return f"video of {origin}" if origin and Path(source).name == VIDEO else source


def _describe_folder(folder: Path, row: Row) -> None:
    """What lies beside the events: bytes of all files, how many pictures, whether there is a video."""
    sizes = []
    names = []
    for place, _, files in os.walk(folder):
        names += files
        for name in files:
            try:
                sizes.append(os.stat(os.path.join(place, name)).st_size)
            except OSError:
                continue  # it has just gone
    row.bytes = sum(sizes)
    row.pictures = sum(name.lower().endswith(PICTURES) for name in names)
    row.video = int(any(name.lower().endswith(VIDEOS) for name in names))


def _second(note: Record) -> float | None:
    at = note.get("at")
    return float(at) if isinstance(at, int | float) and abs(at) < 1e15 else None


def _told(note: Record) -> str:
    text = note.get("text")
    return text if isinstance(text, str) else ""
