"""What a commentator says of a match, round by round, whatever score the stream has come to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace
from functools import cached_property

import numpy as np

from core.programmes.football.commentator import Commentator
from core.programmes.football.event import MatchEvent
from core.programmes.football.finish import MOST_GOALS
from core.programmes.football.fixture import Fixture
from core.programmes.football.reading import parse, parse_score
from core.programmes.football.simulator import Match
from core.programmes.programme import EARLY_S
from core.train.sample import EarlierLine


class MatchCommentary:
    """What a commentator says of a match in each round; the same each time it is asked.

    Args:
        style: decides the wording.
        first_round: the commentator knows nothing of what was before.
        lead: goals by which the scores of match `number` lie higher, apart from the stream's first lines: a stream may
            have begun in the middle of it, and more goals may have been scored. Told are 0 to MOST_GOALS.

    Attributes:
        lead, number: as given.
    """

    def __init__(
        self,
        match: Match,
        fixture: Fixture,
        phase: float,
        style: int,
        first_round: int = 0,
        lead: tuple[int, int] = (0, 0),
        number: int = 0,
    ) -> None:
        self.lead = lead
        self.number = number
        self._fixture = fixture
        self._phase = phase
        self._style = style
        self._match = match
        self._first_round = first_round
        self._events = [event for event in match.events if self._round(event) >= first_round]

    def with_lead(self, lead: tuple[int, int], number: int) -> MatchCommentary:
        """The same commentator with another score of match `number`."""
        return MatchCommentary(self._match, self._fixture, self._phase, self._style, self._first_round, lead, number)

    def _round(self, event: MatchEvent) -> int:
        return int(np.ceil(event.time - self._phase - EARLY_S - 1e-9))

    def at(self, number: int) -> str:
        """The line of round `number`, "" for silence."""
        return self._lines.get(number, "")

    def between(self, first: int, last: int, plain: bool = False) -> list[tuple[int, str]]:
        """Round and line of the rounds first .. last - 1, silence left out. `plain`: the scores as they are."""
        lines = self._plain_lines if plain else self._lines
        return [(number, text) for number, text in lines.items() if first <= number < last]

    def score_before(self, number: int) -> tuple[int, int]:
        """The true score when round `number` begins."""
        return next((event.score for event in self._back_from(number)), (0, 0))

    def number_at(self, number: int) -> int:
        """Which match is on when round `number` begins."""
        return next((event.number for event in self._back_from(number)), 0)

    def begins(self, match: int) -> int:
        """The round that tells of the first event of a match."""
        return self._round(next(event for event in self._events if event.number == match))

    def most_goals(self, match: int) -> tuple[int, int]:
        """The last score known of a match."""
        return next(event.score for event in reversed(self._events) if event.number == match)

    def _back_from(self, number: int) -> Iterator[MatchEvent]:
        return (event for event in reversed(self._events) if self._round(event) < number)

    @cached_property
    def _plain_lines(self) -> dict[int, str]:
        return self._told(self._events)

    @cached_property
    def _lines(self) -> dict[int, str]:
        return self._told([self._shifted(event) for event in self._events]) if any(self.lead) else self._plain_lines

    def _told(self, events: Sequence[MatchEvent]) -> dict[int, str]:
        """Line by round, in order."""
        commentator = Commentator(self._fixture, self._style)
        lines: dict[int, str] = {}
        for event in events:
            number = self._round(event)
            before = f"{lines[number]} " if number in lines else ""
            lines[number] = before + commentator.tell(event)
        return lines

    def _shifted(self, event: MatchEvent) -> MatchEvent:
        if event.number != self.number:
            return event
        a, b = (min(max(n + more, 0), MOST_GOALS) for n, more in zip(event.score, self.lead, strict=True))
        return replace(event, score=(a, b))


def mark_derivable(lines: Sequence[EarlierLine], fixture: Fixture, begun: bool) -> list[EarlierLine]:
    """The lines, those marked whose score is the last one told, counted on by their own goal if they tell of one; a
    match that begins after full time does so at nothing.

    Args:
        begun: the stream begins with these lines, at nothing.
    """
    score = (0, 0) if begun else None
    marked = []
    for told in lines:
        now = parse_score(told.text, fixture)
        if now:
            said = parse(told.text, fixture)
            goals = [mention.who for mention in said if mention.kind == "goal"]
            follows = score and now == tuple(score[team] + goals.count(fixture.names[team]) for team in (0, 1))
            told = replace(told, derivable=bool(follows))
            score = (0, 0) if any(mention.kind == "full-time" for mention in said) else now
        marked.append(told)
    return marked
