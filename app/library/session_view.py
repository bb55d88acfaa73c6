"""All that a player shows of a session, made at once, in any thread: of many hours it takes seconds."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from pathlib import Path

from app.library.cache_contents import CacheHistory
from app.library.chart import CURVES, bars, curve, dots, span
from app.library.cues import Stretch, cues, markers
from app.library.figures import figures, in_words
from app.library.film import video_of
from app.library.pictures import Picture, pictures, seen_frames
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
        title, summary: what it is called, and its figures in a line. model: "" for the bundled one.
        damage: what could not be read.
        entries: by time. lines, stats: by round, silent ones as well. rounds: their numbers by time.
        pictures, seen: by source second. film: the video, where there is one. clocks: from one clock to the other.
        cache: what the cache held.
        span: first and last second of video time. bars, dots, curves: of the time line, as in `app.library.chart`.
    """

    title: str
    summary: str
    model: str
    damage: tuple[str, ...]
    entries: list[Entry]
    lines: dict[int, Line]
    rounds: list[tuple[float, int]]
    stats: dict[int, Record]
    pictures: list[Picture]
    seen: list[Picture]
    film: Path | None
    jumps: tuple[tuple[float, float], ...]
    cache: CacheHistory
    clocks: Timeline
    span: tuple[float, float]
    bars: list[tuple[float, float, str]]
    dots: list[tuple[float, str]]
    curves: list[tuple[str, Points]]

    def round_at(self, at: float) -> int | None:
        """The round under way at that second of video time, else the first; None where there is none."""
        place = bisect_right(self.rounds, at + 1e-6, key=lambda round_: round_[0])
        return self.rounds[max(0, place - 1)][1] if self.rounds else None

    def next_round(self, at: float, step: int) -> float | None:
        """Where the round begins that is `step` rounds on from the one at `at`; None past either end."""
        place = max(0, bisect_right(self.rounds, at + 1e-6, key=lambda round_: round_[0]) - 1) + step
        return self.rounds[place][0] if 0 <= place < len(self.rounds) else None

    def seen_in(self, number: int) -> list[Picture]:
        """The frames that the model was given for that round, as far as they were kept."""
        line = self.lines.get(number)
        if line is None:
            return []
        return [picture for picture in self.seen if line.start - 1e-3 <= picture.at < line.end - 1e-3]


def session_view(folder: Path) -> SessionView:
    """Read a session for a player. Raises SessionError."""
    return view_of(read_session(folder))


def view_of(session: Session) -> SessionView:
    """What is shown of a session that was read."""
    folder = session.folder
    whole = Stretch()
    told = figures(session)
    clocks = Timeline(session)
    lines = session.rounds
    return SessionView(
        title=session.title,
        summary="  ·  ".join([clock(told.length_s), *(f"{name} {text}" for name, text in in_words(told)[:3])]),
        model=str(session.settings.get("model") or ""),
        damage=session.damage,
        entries=_entries(session),
        lines=lines,
        rounds=sorted((clocks.video(line.start), number) for number, line in lines.items()),
        stats={event["round"]: event for event in session.events if event["type"] == "stats"},
        pictures=pictures(folder),
        seen=seen_frames(folder),
        film=video_of(session),
        jumps=session.jumps,
        cache=CacheHistory(session),
        clocks=clocks,
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
