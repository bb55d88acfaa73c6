"""The demo match in one object: what is on, what it looks like, and what happens."""

import numpy as np

from core.programmes.football.commentator import line_for_second
from core.programmes.football.event import Event
from core.programmes.football.kit import Fixture
from core.programmes.football.renderer import Renderer
from core.programmes.football.simulator import Match


class Arena:
    """One endless match. Frames may be asked for in any order within the last two minutes."""

    def __init__(self, seed: int, scoreboard: bool = True):
        self.match = Match(seed)
        self.fixture = Fixture(seed)
        self.renderer = Renderer(self.fixture, scoreboard)

    @property
    def context(self) -> str:
        """Who plays in which colour, for the model's background."""
        return self.fixture.context()

    def frame(self, time_s: float) -> np.ndarray:
        """The picture at a match time: (720, 1280, 3) uint8 RGB."""
        return self.renderer.draw(self.match, time_s)

    def events_between(self, start_s: float, end_s: float) -> list[Event]:
        """Events with start_s < time <= end_s."""
        return self.match.events_between(start_s, end_s)

    def line(self, start_s: float) -> str:
        """What the commentator says in the round [start_s, start_s + 1)."""
        return line_for_second(self.match, self.fixture, start_s)
