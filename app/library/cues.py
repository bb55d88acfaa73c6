"""What a session's exports are made of: the lines as cues on one of its clocks, and the words cleaned."""

from __future__ import annotations

from dataclasses import dataclass

from app.session.events import Session
from app.session.plain_text import clean
from app.session.timeline import Clock, Timeline
from core.messages import Line

SHORTEST_CUE_S = 2.0
CUE_S_PER_WORD = 0.4


@dataclass(frozen=True, slots=True)
class Stretch:
    """Which part of a session is meant, and the clock it is told on.

    Attributes:
        clock: "video" is source time without the pauses, "wall" the time of day.
        start, until: seconds of that clock; None for an open end. Times stay as they are in the whole session.
    """

    clock: Clock = "video"
    start: float | None = None
    until: float | None = None

    def holds(self, at: float) -> bool:
        return (self.start is None or at >= self.start) and (self.until is None or at < self.until)


@dataclass(frozen=True, slots=True)
class Cue:
    """A line on the screen during the seconds [start, end) of the clock asked for.

    `text` is what the line says, without control characters; its line breaks are kept.
    """

    start: float
    end: float
    text: str
    line: Line

    @property
    def flat(self) -> str:
        """The text in one row."""
        return " ".join(self.text.split())


@dataclass(frozen=True, slots=True)
class Marker:
    """A moment that a person or the viewer's question marked: `kind` is mark, note or question."""

    at: float
    kind: str
    text: str


def cues(session: Session, stretch: Stretch | None = None) -> list[Cue]:
    """A cue stays for 2 s or 0.4 s a word, whichever is longer, but never past the start of the next.

    It begins when its round begins: the words tell of what these seconds show.
    """
    stretch = stretch or Stretch()
    clocks = Timeline(session)
    lines = [(line, clean(line.text)) for line in session.lines]
    told = [(clocks.told(line.start, stretch.clock), text, line) for line, text in lines if text.strip()]
    told.sort(key=lambda entry: entry[0])
    ends = [start for start, _, _ in told[1:]] + [float("inf")]
    made = [
        Cue(start, min(start + _reading_s(text), end), text, line)
        for (start, text, line), end in zip(told, ends, strict=False)
    ]
    return [cue for cue in made if stretch.holds(cue.start)]


def markers(session: Session, stretch: Stretch) -> list[Marker]:
    """Marks, notes and questions in that stretch, by time. Notes about the whole session are none."""
    clocks = Timeline(session)
    noted = [(note["at"], note["type"], str(note.get("text") or "")) for note in session.annotations if _is_timed(note)]
    found = [
        Marker(clocks.told(at, stretch.clock), kind, " ".join(clean(text).split()))
        for at, kind, text in noted + _questions(session, clocks)
    ]
    return sorted((marker for marker in found if stretch.holds(marker.at)), key=lambda marker: marker.at)


def _reading_s(text: str) -> float:
    return max(SHORTEST_CUE_S, CUE_S_PER_WORD * len(text.split()))


def _is_timed(note: dict[str, object]) -> bool:
    return note["type"] in ("mark", "note") and isinstance(note.get("at"), int | float)


def _questions(session: Session, clocks: Timeline) -> list[tuple[float, str, str]]:
    """Questions, at the end of the round before each."""
    found = []
    reached = 0.0
    for event in session.events:
        if event["type"] == "line":
            reached = max(reached, event["end"])
        elif event["type"] == "question":
            found.append((reached, "question", event["text"]))
    return found
