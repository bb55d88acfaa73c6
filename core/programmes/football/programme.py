"""Football as a programme: one endless match, drawn and commented on."""

from __future__ import annotations

import numpy as np

from core.programmes.football.commentator import LiveCommentary
from core.programmes.football.event import KINDS, OF_NOBODY, MatchEvent
from core.programmes.football.fixture import Fixture
from core.programmes.football.questions import questions
from core.programmes.football.reading import mentions
from core.programmes.football.renderer import Renderer
from core.programmes.football.simulator import Match
from core.programmes.programme import EARLY_S, Event, Mention, Programme
from core.programmes.question import Question


class FootballEpisode:
    """One endless match. Frames may be asked for in any order within the last two minutes."""

    def __init__(self, seed: int, scoreboard: bool = True) -> None:
        self.match = Match(seed)
        self.fixture = Fixture(seed)
        self.renderer = Renderer(self.fixture, scoreboard)
        self._commentary = LiveCommentary(self.match, self.fixture)

    @property
    def context(self) -> str:
        """Who plays in which colour."""
        return self.fixture.context()

    def frame(self, time_s: float) -> np.ndarray:
        """The picture at a match time: (720, 1280, 3) uint8 RGB."""
        self._commentary.reach(time_s)
        return self.renderer.draw(self.match, time_s)

    def events(self, start_s: float, end_s: float) -> list[Event]:
        """Events with start_s < time <= end_s."""
        self._commentary.reach(end_s)
        return [self._event(event) for event in self.match.events_between(start_s, end_s)]

    def _event(self, event: MatchEvent) -> Event:
        who = "" if event.kind in OF_NOBODY else self.fixture.names[event.team]
        return Event(event.time, event.kind, who, {"score": self.fixture.score_text(event.score)})

    def line(self, start_s: float) -> str:
        """What the commentator says in the round [start_s, start_s + 1)."""
        self._commentary.reach(start_s + EARLY_S)
        return self._commentary.line(start_s)

    def mentions(self, text: str) -> list[Mention]:
        """The events and the score that a text names."""
        return mentions(text, self.fixture)

    def questions(self, time_s: float) -> list[Question]:
        """What could be asked at a time, with the answers that are true then."""
        self._commentary.reach(time_s)
        return questions(self._commentary, self.fixture, time_s)

    def close(self) -> None:
        """Nothing was started."""


PROGRAMME = Programme("football", KINDS, ("score",), FootballEpisode)
