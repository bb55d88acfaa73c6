"""What may be asked of a match, with the answers that are true at that time."""

from __future__ import annotations

from core.programmes.football.commentator import LiveCommentary
from core.programmes.football.event import MatchEvent
from core.programmes.football.fixture import Fixture
from core.programmes.question import Question

MISSED_S = 60.0
WORDS = {"goal": "goal", "save": "save", "corner": "corner", "foul": "foul"}


def questions(commentary: LiveCommentary, fixture: Fixture, time_s: float) -> list[Question]:
    """The score, who scored last, and the last minute. `commentary` must have reached the time and no further."""
    commentator = commentary.commentator
    missed = [told.event for told in commentary.told if time_s - MISSED_S < told.event.time <= time_s]
    return [
        Question(time_s, "What is the score?", f"{fixture.score_text(commentator.score)}."),
        Question(time_s, "Who scored last?", _scorer(commentator.scored, fixture)),
        Question(time_s, "What did I miss?", _summary(missed)),
    ]


def _scorer(goal: MatchEvent | None, fixture: Fixture) -> str:
    if goal is None:
        return "Nobody has scored in this match."
    colour = fixture.colours[goal.team]
    return f"{colour.capitalize()} {fixture.names[goal.team]} scored last."


def _summary(missed: list[MatchEvent]) -> str:
    """The last minute in a few words."""
    counts = {kind: sum(event.kind == kind for event in missed) for kind in WORDS}
    parts = [f"{n} {WORDS[kind]}{'s' if n > 1 else ''}" for kind, n in counts.items() if n]
    return f"In the last minute: {', '.join(parts)}." if parts else "Not much in the last minute."
