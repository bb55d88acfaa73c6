"""All that a player shows of a session, made at once, in any thread: of many hours it takes seconds."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from app.library.chart import CURVES, bars, curve, dots, span
from app.library.cues import Stretch, cues, markers
from app.library.figures import figures, in_words
from app.library.pictures import Picture, pictures
from app.session.events import Session, read_session
from app.session.records import Record, clock
from app.session.timeline import Timeline
from core.messages import Line

Points = list[tuple[float, float]]


@dataclass(frozen=True, slots=True)
class Entry:
    """One line, mark, note or question.

    Attributes:
        at: seconds of video time. round: of a line; None for the others.
        said: what the model said, where that was corrected, else "".
    """

    at: float
    kind: str
    text: str
    round: int | None = None
    said: str = ""


@dataclass(frozen=True, slots=True)
class SessionView:
    """A session as it was when it was read.

    Attributes:
        title, summary: what it is called, and its figures in a line. damage: what could not be read.
        entries: by time. lines, stats: by round. pictures: by source second. clocks: from one clock to the other.
        span: first and last second of video time. bars, dots, curves: of the time line, as in `app.library.chart`.
    """

    title: str
    summary: str
    damage: tuple[str, ...]
    entries: list[Entry]
    lines: dict[int, Line]
    stats: dict[int, Record]
    pictures: list[Picture]
    clocks: Timeline
    span: tuple[float, float]
    bars: list[tuple[float, float, str]]
    dots: list[tuple[float, str]]
    curves: list[tuple[str, Points]]


def session_view(folder: Path) -> SessionView:
    """Read a session for a player. Raises SessionError."""
    session = read_session(folder)
    whole = Stretch()
    told = figures(session)
    return SessionView(
        title=session.title,
        summary="  ·  ".join([clock(told.length_s), *(f"{name} {text}" for name, text in in_words(told)[:3])]),
        damage=session.damage,
        entries=_entries(session),
        lines={line.round: line for line in session.lines},
        stats={event["round"]: event for event in session.events if event["type"] == "stats"},
        pictures=pictures(folder),
        clocks=Timeline(session),
        span=span(session, whole),
        bars=list(bars(session, whole)),
        dots=list(dots(session, whole)),
        curves=[found for label, name in CURVES if (found := curve(session, whole, name, label))],
    )


def _entries(session: Session) -> list[Entry]:
    said = {event["round"]: event["text"] for event in session.events if event["type"] == "line"}
    found = [
        Entry(cue.start, "line", cue.flat, cue.line.round, _original(said, cue.line.round, cue.text))
        for cue in cues(session)
    ]
    found += [Entry(mark.at, mark.kind, mark.text) for mark in markers(session, Stretch())]
    return sorted(found, key=lambda entry: entry.at)


def _original(said: dict[int, str], number: int, text: str) -> str:
    original = said.get(number, "")
    return "" if original.split() == text.split() else original
