"""Two sessions of the same footage, line by line."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from app.session.events import Session
from app.session.plain_text import clean
from app.session.records import clock

SAME_MOMENT_S = 0.5
COLUMN = 56


@dataclass(frozen=True, slots=True)
class Pair:
    """What both said of the round that begins at the source second `start`; "" is silence."""

    start: float
    first: str
    second: str

    @property
    def same(self) -> bool:
        return self.first.split() == self.second.split()


def pairs(first: Session, second: Session) -> list[Pair]:
    """The rounds in which either spoke, by source time, as far as both were watched."""
    ours = _said(first)
    theirs = _said(second)
    begin = max(min(ours, default=0), min(theirs, default=0))
    end = min(max(ours, default=0), max(theirs, default=0))
    moments = [moment for moment in sorted(ours.keys() | theirs.keys()) if begin <= moment <= end]
    made = [Pair(moment * SAME_MOMENT_S, ours.get(moment, ""), theirs.get(moment, "")) for moment in moments]
    return [pair for pair in made if pair.first or pair.second]


def _said(session: Session) -> dict[int, str]:
    """What was said in each moment of SAME_MOMENT_S, silence as ""."""
    rounds = [event for event in session.events if event["type"] == "line"]
    return {round(event["start"] / SAME_MOMENT_S): " ".join(clean(event["text"]).split()) for event in rounds}


def side_by_side(found: list[Pair]) -> Iterator[str]:
    """The pairs as text: a sign says where they differ."""
    for pair in found:
        sign = " " if pair.same else "≠"
        yield f"{clock(pair.start):>8} {sign} {_cut(pair.first):<{COLUMN}} | {_cut(pair.second)}".rstrip()


def _cut(text: str) -> str:
    return text if len(text) <= COLUMN else text[: COLUMN - 1] + "…"
