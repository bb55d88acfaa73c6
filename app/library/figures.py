"""What a session comes to in numbers."""

from __future__ import annotations

import re
from dataclasses import asdict, dataclass
from statistics import median
from typing import Any

from app.session.events import Session
from app.session.records import Record
from app.session.timeline import Timeline


@dataclass(frozen=True, slots=True)
class Figures:
    """Sums and medians; None where a session does not tell.

    Attributes:
        length_s: on video time, pauses taken out. spoken: rounds with a line. rounds: all of them.
        words_per_minute: over the whole length.
        told_apart: events that the lines tell apart: how many lines differ in more than their numbers.
        age_s, chunk_s: medians, from the last frame to the first word, and of all work on a round.
        chunk_p95_s: 19 rounds of 20 were quicker.
        kv_tokens: most entries in use. rss_bytes: most resident memory of the engine's process.
        watched_not_s: seconds in gaps. dropped: frames.
    """

    length_s: float
    rounds: int
    spoken: int
    words: int
    words_per_minute: float
    told_apart: int
    questions: int
    marks: int
    gaps: int
    watched_not_s: float
    dropped: int
    age_s: float | None
    chunk_s: float | None
    chunk_p95_s: float | None
    kv_tokens: int | None
    rss_bytes: int | None

    def as_record(self) -> Record:
        return asdict(self)


def figures(session: Session) -> Figures:
    """The figures of a session as it was recorded; corrections do not count."""
    rounds = _of(session, "line")
    spoken = [event for event in rounds if event["text"].strip()]
    gaps = _of(session, "gap")
    words = sum(len(event["text"].split()) for event in spoken)
    length_s = Timeline(session).video(max((event["end"] for event in rounds), default=0.0))
    chunks = sorted(_numbers(session, "compute_s"))
    return Figures(
        length_s=length_s,
        rounds=len(rounds),
        spoken=len(spoken),
        words=words,
        words_per_minute=60 * words / length_s if length_s > 0 else 0.0,
        told_apart=len({event_of(event["text"]) for event in spoken}),
        questions=len(_of(session, "question")),
        marks=sum(note["type"] == "mark" for note in session.annotations),
        gaps=len(gaps),
        watched_not_s=sum(gap["end"] - gap["start"] for gap in gaps),
        dropped=sum(drop["frames"] for drop in _of(session, "drop")),
        age_s=_median([event["shown_at"] - event["captured_at"] for event in spoken]),
        chunk_s=_median(chunks),
        chunk_p95_s=chunks[int(0.95 * (len(chunks) - 1))] if chunks else None,
        kv_tokens=max(map(int, _numbers(session, "kv_tokens")), default=None),
        rss_bytes=max(map(int, _numbers(session, "rss_bytes")), default=None),
    )


def event_of(text: str) -> str:
    """What a line is about: its words without numbers, punctuation and case."""
    return " ".join(re.findall(r"[^\W\d_]+", text.casefold()))


def _of(session: Session, kind: str) -> list[Record]:
    return [event for event in session.events if event["type"] == kind]


def _numbers(session: Session, name: str) -> list[float]:
    values: list[Any] = [event.get(name) for event in _of(session, "stats")]
    return [value for value in values if isinstance(value, int | float) and 0 <= value < 1e15]


def _median(values: list[float]) -> float | None:
    return median(values) if values else None


def in_words(told: Figures) -> list[tuple[str, str]]:
    """Name and value of each figure that has one, for people."""
    entries = [
        ("lines", f"{told.spoken} of {told.rounds} rounds"),
        ("words", f"{told.words} ({told.words_per_minute:.0f} a minute)"),
        ("age of a line", _seconds(told.age_s)),
        ("time per chunk", _seconds(told.chunk_s)),
        ("19 of 20 chunks within", _seconds(told.chunk_p95_s)),
        ("events told apart", str(told.told_apart or "")),
        ("most tokens in the cache", "" if told.kv_tokens is None else f"{told.kv_tokens:,}"),
        ("memory of the engine", "" if told.rss_bytes is None else f"{told.rss_bytes / 1e9:.2f} GB"),
        ("questions", str(told.questions or "")),
        ("marks", str(told.marks or "")),
        ("not watched", f"{told.watched_not_s:.1f} s in {told.gaps} gaps" if told.gaps else ""),
        ("frames dropped", str(told.dropped or "")),
    ]
    return [(name, value) for name, value in entries if value]


def _seconds(value: float | None) -> str:
    return "" if value is None else f"{value:.2f} s"
