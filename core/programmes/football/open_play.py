"""Open play: passing, dribbling, pressing, until the plan of the moment comes true."""

from collections.abc import Generator, Iterator

from core.programmes.football.match_state import MatchState, PhaseScript
from core.programmes.football.pitch import HALF_LENGTH, TEAM_OF, Play, Pose, outfield, side

PLANS = ("shot", "foul", "throw-in", "corner")
PLAN_WEIGHTS = (0.34, 0.19, 0.32, 0.15)
QUIET_S = (7.0, 20.0)
LONG_QUIET_S = (20.0, 28.0)
SHOOTING_RANGE_M = (6.8, 16.5)
IMPATIENCE_S = 4.0  # after which a shot is tried from further out


def in_range(spot: complex, team: int, further_m: float = 0.0) -> bool:
    """Whether a team would shoot from there."""
    distance = abs(spot - side(team) * HALF_LENGTH)
    nearest, furthest = SHOOTING_RANGE_M
    return nearest <= distance <= furthest + further_m and abs(spot.imag) < 8.5 + further_m


def open_play(state: MatchState, receiver: int) -> PhaseScript:
    """The ball is on its way to `receiver`. Silent: no event happens in here."""
    rng = state.rng
    plan = rng.choices(PLANS, PLAN_WEIGHTS)[0]
    due_s = state.time + rng.uniform(*(LONG_QUIET_S if rng.random() < 0.14 else QUIET_S))
    while True:
        owner = yield from _receive(state, receiver)
        yield from _carry(state, owner, rng.uniform(0.5, 1.3), due_s if plan == "foul" else None)
        owner = _tackled(state, owner)
        team = TEAM_OF[owner]
        spot = state.ball.position
        if state.over:
            return Play.HALF_TIME if state.half == 1 else Play.FULL_TIME, {}
        due = state.time >= due_s
        if due and plan == "foul":
            return Play.FOUL, {"victim": owner, "offender": state.nearest(spot, outfield(1 - team))}
        if due and plan == "throw-in":
            return Play.THROW_IN, {"team": 1 - team, "out": _over_the_touch_line(state, team)}
        further_m = 3.0 if state.time > due_s + IMPATIENCE_S else 0.0
        if due and plan == "shot" and in_range(spot, team, further_m):
            return Play.SHOT, {"shooter": owner}
        if due and plan == "corner" and spot.real * side(team) > 3:
            return Play.CORNER, {"team": team, "blocked": True}
        if due and plan in ("shot", "corner") and spot.real * side(team) < 10 and _leads(state, owner):
            state.ball.flight = None
            receiver = owner
            continue
        too_close = spot.real * side(team) > 12.5  # to shoot: lay it back
        receiver = state.pass_from(owner, forward=-0.6 if too_close else 0.7 if due else 0.2)
        state.squad.take(owner, Pose.KICK)
        if not due and rng.random() < 0.16:
            receiver = _interceptor(state, owner)


def _receive(state: MatchState, receiver: int) -> Generator[None, None, int]:
    """Until somebody has the ball: returns who."""
    while True:
        state.take_formation(TEAM_OF[receiver])
        state.squad.release_all()
        end = state.ball.flight.end if state.ball.flight else state.ball.position
        state.send(receiver, end, 7.5)
        if state.ball.arrived(state.time):
            everybody = [*outfield(0), *outfield(1)]
            nearest = state.nearest(state.ball.position, everybody)
            owner = receiver if state.distance(receiver, state.ball.position) < 1.5 else nearest
            if state.distance(owner, state.ball.position) < 1.5:
                return owner
        yield


def _carry(state: MatchState, owner: int, seconds: float, foul_due_s: float | None) -> Iterator[None]:
    """Run with the ball; when a foul is due, until the challenge arrives."""
    team = TEAM_OF[owner]
    for tick in range(40):
        fouled = foul_due_s is not None and state.time >= foul_due_s
        state.take_formation(team)
        presser = state.nearest(state.ball.position, outfield(1 - team))
        if fouled:
            state.send(presser, state.position(owner), 8.0)
        else:
            state.send(presser, state.position(owner) + 0.8 * side(team), 6.0)
        state.send(owner, _way(state, owner), 2.0 if fouled else 4.8)
        state.dribble(owner)
        close = state.distance(presser, state.position(owner)) < 1.3
        if (fouled and close) or (not fouled and tick >= seconds * 10):
            return
        yield


def _way(state: MatchState, owner: int) -> complex:
    """Where the carrier runs: up the pitch, weaving, not off it."""
    team = TEAM_OF[owner]
    spot = state.position(owner)
    ahead = side(team) * (3.0 if spot.real * side(team) < 9 else 0.0)
    weave = 2.2j * (1 if (int(state.time / 1.7) + owner) % 2 else -1)
    goal = spot + ahead + weave - 0.12j * spot.imag
    return complex(min(max(goal.real, -17.5), 17.5), min(max(goal.imag, -10.5), 10.5))


def _tackled(state: MatchState, owner: int) -> int:
    """Now and then a tackle wins the ball: the new owner."""
    presser = state.nearest(state.ball.position, outfield(1 - TEAM_OF[owner]))
    if state.distance(presser, state.ball.position) < 1.2 and state.rng.random() < 0.3:
        return presser
    return owner


def _leads(state: MatchState, owner: int) -> bool:
    """Whether nobody of the team is further up: then run instead of passing."""
    team = TEAM_OF[owner]
    front = max(state.position(mate).real * side(team) for mate in outfield(team))
    return front <= state.position(owner).real * side(team) + 1.0


def _over_the_touch_line(state: MatchState, team: int) -> complex:
    """Send the ball out of play at the nearer touch-line; where it stops."""
    spot = state.ball.position
    edge = 12.9 if spot.imag >= 0 else -12.9
    x = min(max(spot.real + side(team) * state.rng.uniform(1, 4), -16), 16)
    out = complex(x, edge)
    state.ball.kick(out, state.time, max(0.5, round(abs(out - spot) / 11, 1)), slowdown=0.3)
    return out


def _interceptor(state: MatchState, owner: int) -> int:
    """An opponent near the lane of the pass goes for the ball, if there is one."""
    flight = state.ball.flight
    assert flight is not None
    lane = flight.start + 0.75 * (flight.end - flight.start)
    thief = state.nearest(lane, outfield(1 - TEAM_OF[owner]))
    if state.distance(thief, lane) > 3.0:
        return state.nearest(flight.end, [mate for mate in outfield(TEAM_OF[owner]) if mate != owner])
    state.ball.kick(lane, state.time, max(0.4, round(0.75 * flight.duration_s, 1)), slowdown=0.25)
    return thief
