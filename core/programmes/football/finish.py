"""Shots and what becomes of them: goal and celebration, save, wide and goal kick."""

from collections.abc import Iterator
from typing import Any

from core.programmes.football.match_state import MatchState, PhaseScript
from core.programmes.football.pitch import HALF_LENGTH, KEEPERS, TEAM_OF, Play, Pose, outfield, side

SHOT_SPEED_M_S = 21.0
OUTCOMES = ("goal", "save", "wide")
OUTCOME_WEIGHTS = (0.20, 0.44, 0.36)
MOST_GOALS = 9  # of a match
REPLAY_SHARE = 0.6
CELEBRATION_S = 3.8
BEFORE_REPLAY_S = 2.6
REACH_M = 2.45  # from a diving keeper's feet to the hands


def shot(state: MatchState, shooter: int) -> PhaseScript:
    """The ball leaves the foot now; a goal, save or wide follows 0.5-0.9 s later."""
    team = TEAM_OF[shooter]
    keeper = KEEPERS[1 - team]
    outcome = state.rng.choices(OUTCOMES, OUTCOME_WEIGHTS)[0]
    if outcome == "goal" and sum(state.score) >= MOST_GOALS:
        outcome = "save"
    end, end_z = _aim(state, team, keeper, outcome)
    duration = min(max(round(abs(end - state.ball.position) / SHOT_SPEED_M_S, 1), 0.4), 0.9)
    state.emit("shot", team)
    state.squad.take(shooter, Pose.KICK, end - state.ball.position)
    state.ball.kick(end, state.time, duration, height=0.25, end_z=end_z)
    arrival_s = state.time + duration
    dive = _dive(state, keeper, end) if outcome == "save" else None
    while not state.ball.arrived(state.time):
        state.take_formation(team, 3.5)
        state.squad.targets[shooter] = state.position(shooter)
        if dive is not None:
            feet, heading = dive
            state.send(keeper, feet, 9.0)
            if arrival_s - state.time < 0.35:
                state.squad.take(keeper, Pose.DIVE, heading)
        yield
    state.squad.release(shooter)
    return _result(state, team, shooter, outcome)


def _aim(state: MatchState, team: int, keeper: int, outcome: str) -> tuple[complex, float]:
    """Where the ball goes, and its height there."""
    goal = side(team) * HALF_LENGTH
    rng = state.rng
    stands = state.position(keeper)
    if outcome == "wide":
        return goal + side(team) * 0.2 + 1j * rng.choice((-1, 1)) * rng.uniform(4.0, 5.6), rng.uniform(0.3, 0.7)
    if outcome == "goal":
        corner = -1 if stands.imag > 0 else 1
        return goal + side(team) * 0.3 + 1j * corner * rng.uniform(1.0, 1.9), rng.uniform(0.3, 1.0)
    across = stands.imag + rng.choice((-1, 1)) * rng.uniform(0.9, 1.7)
    return goal - side(team) * rng.uniform(2.0, 2.6) + 1j * min(max(across, -2.3), 2.3), rng.uniform(0.3, 0.5)


def _dive(state: MatchState, keeper: int, hands: complex) -> tuple[complex, complex]:
    """Where the keeper's feet stay and which way the body stretches: mostly along the picture."""
    team = 1 if keeper == KEEPERS[1] else 0
    upwards = 1 if hands.imag > state.position(keeper).imag else -1
    heading = complex(side(team) * 0.87, upwards * 0.5)
    return hands - REACH_M * heading, heading


def _result(state: MatchState, team: int, shooter: int, outcome: str) -> tuple[Play, dict[str, Any]]:
    """Report what became of the shot; the next phase."""
    ball = state.ball
    end = state.ball.position
    if outcome == "save":
        state.emit("save", 1 - team)
        return Play.SAVE, {"team": 1 - team}
    if outcome == "wide":
        state.emit("wide", team)
        ball.kick(end + side(team) * 2.0 + 0.25j * end.imag, state.time, 0.5, slowdown=0.7)
        return Play.GOAL_KICK, {"team": 1 - team}
    state.score[team] += 1
    state.emit("goal", team)
    state.net = float(side(team))
    ball.kick(end + side(team) * 0.75, state.time, 0.3, slowdown=0.6)
    return Play.CELEBRATION, {"team": team, "scorer": shooter}


def celebration(state: MatchState, team: int, scorer: int) -> PhaseScript:
    """The scoring team runs together with raised arms; the others turn away. Some goals are shown again."""
    away = 1 if state.position(scorer).imag >= 0 else -1
    spot = complex(side(team) * 12.5, away * 7.0)
    goal_s = state.since
    shown_again = state.rng.random() < REPLAY_SHARE
    for _ in state.ticks(BEFORE_REPLAY_S if shown_again else CELEBRATION_S):
        state.line_up(1 - team)
        state.squad.pace[:] = 1.6
        for number, mate in enumerate(outfield(team)):
            state.squad.take(mate, Pose.CELEBRATE)
            ring = 1.3 * complex(((-1) ** number) * (number + 1) / 2, (number % 3) - 1)
            state.send(mate, spot if mate == scorer else spot + ring, 6.5)
        yield
    state.squad.release_all()
    if shown_again:
        return Play.REPLAY, {"team": 1 - team, "goal_s": goal_s}
    return Play.KICK_OFF, {"team": 1 - team}


def save(state: MatchState, team: int) -> PhaseScript:
    """The keeper lies stretched out, then either gets up with the ball or has parried it behind."""
    keeper = KEEPERS[team]
    if state.rng.random() < 0.36:
        yield from _parry(state, team)
        return Play.CORNER, {"team": 1 - team, "blocked": False}
    for _ in state.ticks(1.1):
        state.take_formation(team, 2.5)
        _in_hands(state, keeper)
        yield
    state.squad.release(keeper)
    for tick in state.ticks(1.6):
        state.take_formation(team, 4.5)
        if tick >= 3:
            state.squad.take(keeper, Pose.HOLD)
        state.send(keeper, state.position(keeper) + side(team), 1.5)
        _in_hands(state, keeper)
        yield
    state.squad.release(keeper)
    return Play.OPEN, {"receiver": state.pass_from(keeper, 0.1, loft=0.8)}


def _in_hands(state: MatchState, keeper: int) -> None:
    """The ball stays with the keeper's hands, stretched out or at the chest."""
    flat = state.squad.progress[keeper] if state.squad.pose[keeper] == Pose.DIVE else 0.0
    reach = 0.55 + (REACH_M - 0.55) * flat
    state.ball.follow(state.position(keeper) + reach * complex(state.squad.heading[keeper]), 1.3 - 0.9 * flat, 0.8)


def _parry(state: MatchState, team: int) -> Iterator[None]:
    """Off the keeper's hands behind the end line."""
    hands = state.ball.position
    away = 1 if hands.imag >= 0 else -1
    state.ball.kick(complex(-side(team) * 21.9, away * state.rng.uniform(4.6, 6.5)), state.time, 0.8, slowdown=0.4)
    for _ in state.ticks(1.3):
        state.take_formation(1 - team, 3.0)
        yield
    state.squad.release(KEEPERS[team])


def goal_kick(state: MatchState, team: int) -> PhaseScript:
    """The ball comes back from behind the goal and the keeper plays it out."""
    keeper = KEEPERS[team]
    away = state.ball.position.imag
    spot = complex(-side(team) * 16.8, 2.6 if away > 0 else -2.6)
    for tick in state.ticks(4.0):
        state.take_formation(team, 4.5, focus=-6.0 * side(team) + 0j)
        if tick == 10:
            state.ball.kick(spot, state.time, 1.0, height=0.8, slowdown=0.5)
        state.send(keeper, spot - 0.9 * side(team), 5.0)
        if tick > 22 and state.distance(keeper, spot) < 1.4:
            break
        yield
    state.squad.take(keeper, Pose.KICK, complex(side(team)))
    return Play.OPEN, {"receiver": state.pass_from(keeper, 0.2, loft=0.8)}
