"""A goal shown again: slower, with a mark; half of the time as a camera on the far side sees it."""

from dataclasses import dataclass

import numpy as np

from core.programmes.football.match_state import MatchState, PhaseScript
from core.programmes.football.pitch import FIGURES, TICK_S, Play
from core.programmes.football.timeline import BALL, FIGURE_COLUMNS, NET

BEFORE_GOAL_S = 4.0
AFTER_GOAL_S = 0.8
SPEED = 0.62
MIRRORED_SHARE = 0.5


@dataclass(frozen=True, slots=True)
class ShownAgain:
    """What the picture shows while play goes on unseen.

    time_s    of the broadcast, when it was
    mirrored  whether left is right
    """

    time_s: float
    mirrored: bool

    def flip(self, row: np.ndarray) -> None:
        """Mirror a row of the timeline in place, if it is to be."""
        if self.mirrored:
            figures = row[:BALL].reshape(FIGURES, FIGURE_COLUMNS)
            figures[:, 0] *= -1
            figures[:, 2] = np.pi - figures[:, 2]
            row[BALL] *= -1
            row[NET] *= -1


def replay(state: MatchState, team: int, goal_s: float) -> PhaseScript:
    """The last seconds before the goal; unseen, everybody walks back for the kick-off of `team`."""
    start_s = max(goal_s - BEFORE_GOAL_S, 0.0)
    mirrored = state.rng.random() < MIRRORED_SHARE
    for tick in state.ticks((goal_s + AFTER_GOAL_S - start_s) / SPEED):
        state.shown_again = ShownAgain(start_s + tick * TICK_S * SPEED, mirrored)
        state.line_up(team)
        state.squad.pace[:] = 3.0
        yield
    state.shown_again = None
    return Play.KICK_OFF, {"team": team}
