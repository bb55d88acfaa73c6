"""Between the halves, and between a match and the next: the whistle, the teams apart, and back to their places."""

from collections.abc import Iterator

import numpy as np

from core.programmes.football.match_state import MatchState, PhaseScript
from core.programmes.football.pitch import FIGURES, REFEREE, TEAM_OF, Play, Pose, side

WHISTLE_S = 2.0
HALF_TIME_S = (9.0, 15.0)  # apart, between the whistle and the walk back to the places
FULL_TIME_S = (9.0, 14.0)
INTERVAL_S = (14.0, 20.0)
LINE_UP_S = 6.0  # before an interval's end
HUDDLE = 6.0 - 8.5j  # of team 1, metres


def half_time(state: MatchState) -> PhaseScript:
    """The first half ends; the other team begins the second."""
    yield from _whistle(state, "half-time")
    yield from _apart(state, state.rng.uniform(*HALF_TIME_S))
    state.half = 2
    return Play.KICK_OFF, {"team": 1 - state.opening}


def full_time(state: MatchState) -> PhaseScript:
    """The match ends."""
    yield from _whistle(state, "full-time")
    yield from _apart(state, state.rng.uniform(*FULL_TIME_S))
    return Play.INTERVAL, {}


def interval(state: MatchState) -> PhaseScript:
    """The next match of the same teams is announced: it stands at nothing, and the other team kicks off."""
    state.begin_match()
    seconds = state.rng.uniform(*INTERVAL_S)
    yield from _apart(state, seconds - LINE_UP_S)
    for _ in state.ticks(LINE_UP_S):
        state.line_up(state.opening)
        yield
    return Play.KICK_OFF, {"team": state.opening}


def _whistle(state: MatchState, kind: str) -> Iterator[None]:
    """The referee raises both arms, and everybody stops."""
    state.end_half()
    state.squad.release_all()
    for tick in state.ticks(WHISTLE_S):
        state.squad.targets[:] = state.squad.position
        state.squad.take(REFEREE, Pose.SIGNAL)
        state.ball.follow(state.ball.position)
        if tick == 1:
            state.emit(kind, 0)
        yield
    state.squad.release_all()


def _apart(state: MatchState, seconds: float) -> Iterator[None]:
    """Each team gathers on the near side of its own half, the referee has the ball at the centre spot."""
    state.ball.kick(0j, state.time, 2.5, height=0.8, slowdown=0.4)
    for _ in state.ticks(seconds):
        state.squad.pace[:] = 3.2
        for figure in range(FIGURES - 1):
            turn = np.exp(2j * np.pi * (figure % 6) / 6)
            own = -side(TEAM_OF[figure])
            state.send(figure, complex(own * HUDDLE.real, HUDDLE.imag) + 1.5 * turn, 3.2)
        state.send(REFEREE, 1.2 + 0.4j, 3.2)
        yield
