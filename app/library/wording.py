"""Sessions, hits and transcripts as text for a terminal, and as records."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path

from app.library.cues import Stretch, cues, markers
from app.library.library import Hit
from app.library.scan import Row
from app.session.events import Session
from app.session.plain_text import clean, one_row
from app.session.records import Record, clock
from app.session.timeline import Timeline

BROKEN_OFF = "  [broken off]"
"""Behind a session whose program was killed, or lost its power."""
BOLD = ("\x1b[1m", "\x1b[22m")
INTERNAL = {"inode", "mtime_ns", "file_bytes", "read_bytes", "head", "records", "notes_mtime_ns", "notes_bytes"}
TIMES = ("start", "at", "media_time")


def row_record(root: Path, row: Row) -> Record:
    """A session of the list as an object."""
    told = {name: value for name, value in asdict(row).items() if name not in INTERNAL}
    tags = row.tags.split("\n") if row.tags else []
    flags = {"video": bool(row.video), "broken_off": bool(row.broken_off)}
    return {"type": "session", "path": str(root / row.folder), **told, "tags": tags, **flags}


def row_line(row: Row) -> str:
    """When, how long, how many lines, what it is called, what was watched."""
    began = f"{datetime.fromtimestamp(row.started_at):%Y-%m-%d %H:%M}" if row.started_at else " " * 16
    source = "" if row.source == row.title else f"  ({row.source})"
    ended = BROKEN_OFF if row.broken_off else ""
    return one_row(f"{began}  {clock(row.length_s):>8}  {row.lines:>6} lines  {row.title}{source}{ended}")


def highlighted(hits: Sequence[Hit], *, bold: bool) -> Iterator[str]:
    """The hits, each session's name above its own; what was found in bold where the terminal shows it."""
    folder = None
    for hit in hits:
        if hit.folder != folder:
            folder = hit.folder
            yield one_row(f"{hit.folder}" + ("" if hit.title in hit.folder else f"  {hit.title}"))
        when = "" if hit.at is None else clock(max(0.0, hit.at))
        kind = "" if hit.kind == "line" else f"{hit.kind}: "
        yield f"  {when:>8}  {kind}{_marked(hit, bold)}"


def _marked(hit: Hit, bold: bool) -> str:
    begin, end = BOLD if bold else ("", "")
    parts = []
    reached = 0
    for start, stop in hit.spans:
        parts += [_plain(hit.text[reached:start]), begin, _plain(hit.text[start:stop]), end]
        reached = stop
    return "".join([*parts, _plain(hit.text[reached:])])


def _plain(text: str) -> str:
    return clean(text).replace("\n", " ").replace("\t", " ")


def transcript(session: Session, stretch: Stretch) -> Iterator[str]:
    """The lines, with marks, notes and questions among them."""
    yield one_row(session.title)
    rows = [(cue.start, 1, cue.flat) for cue in cues(session, stretch)]
    rows += [(mark.at, 0, f"> {mark.kind}: {mark.text}") for mark in markers(session, stretch)]
    for at, _, text in sorted(rows):
        yield f"{clock(at):>8}  {text}"


def show_records(session: Session, stretch: Stretch) -> Iterator[Record]:
    """Every record of that stretch as it lies on the disk; those without a time (settings, commands) always."""
    clocks = Timeline(session)
    ends = {event["round"]: event["start"] for event in session.events if event["type"] == "line"}
    for record in (*session.events, *session.notes):
        at = next((record[name] for name in TIMES if isinstance(record.get(name), int | float)), None)
        if record["type"] == "stats":
            at = ends.get(record["round"], at)
        if at is None or stretch.holds(clocks.told(at, stretch.clock)):
            yield record
