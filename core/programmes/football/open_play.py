"""Open play: passing, dribbling, pressing, until the plan of the moment comes true."""

from collections.abc import Generator, Iterator

from core.programmes.football.pitch import HALF_LENGTH, TEAM_OF, Play, Pose, outfield, side
from core.programmes.football.stage import Script, Stage

PLANS = ("shot", "foul", "throw-in", "corner")
PLAN_WEIGHTS = (0.46, 0.19, 0.22, 0.13)
QUIET_S = (0.5, 3.5)
LONG_QUIET_S = (5.0, 11.0)
SHOOTING_RANGE_M = (6.8, 16.5)
IMPATIENCE_S = 4.0  # after which a shot is tried from further out


def in_range(spot: complex, team: int, further_m: float = 0.0) -> bool:
    """Whether a team would shoot from there."""
    distance = abs(spot - side(team) * HALF_LENGTH)
    nearest, furthest = SHOOTING_RANGE_M
    return nearest <= distance <= furthest + further_m and abs(spot.imag) < 8.5 + further_m


def open_play(stage: Stage, receiver: int) -> Script:
    """The ball is on its way to `receiver`. Silent: no event happens in here."""
    rng = stage.rng
    plan = rng.choices(PLANS, PLAN_WEIGHTS)[0]
    due_s = stage.time + rng.uniform(*(LONG_QUIET_S if rng.random() < 0.14 else QUIET_S))
    while True:
        owner = yield from _receive(stage, receiver)
        yield from _carry(stage, owner, rng.uniform(0.5, 1.3), due_s if plan == "foul" else None)
        owner = _tackled(stage, owner)
        team = TEAM_OF[owner]
        spot = stage.ball.position
        due = stage.time >= due_s
        if due and plan == "foul":
            return Play.FOUL, {"victim": owner, "offender": stage.nearest(spot, outfield(1 - team))}
        if due and plan == "throw-in":
            return Play.THROW_IN, {"team": 1 - team, "out": _over_the_touch_line(stage, team)}
        further_m = 3.0 if stage.time > due_s + IMPATIENCE_S else 0.0
        if due and plan == "shot" and in_range(spot, team, further_m):
            return Play.SHOT, {"shooter": owner}
        if due and plan == "corner" and spot.real * side(team) > 3:
            return Play.CORNER, {"team": team, "blocked": True}
        if due and plan in ("shot", "corner") and spot.real * side(team) < 10 and _leads(stage, owner):
            stage.ball.flight = None
            receiver = owner
            continue
        too_close = spot.real * side(team) > 12.5  # to shoot: lay it back
        receiver = stage.pass_from(owner, forward=-0.6 if too_close else 0.7 if due else 0.2)
        stage.squad.take(owner, Pose.KICK)
        if not due and rng.random() < 0.16:
            receiver = _interceptor(stage, owner)


def _receive(stage: Stage, receiver: int) -> Generator[None, None, int]:
    """Until somebody has the ball: returns who."""
    while True:
        stage.shape(TEAM_OF[receiver])
        stage.squad.release_all()
        end = stage.ball.flight.end if stage.ball.flight else stage.ball.position
        stage.send(receiver, end, 7.5)
        if stage.ball.arrived(stage.time):
            everybody = [*outfield(0), *outfield(1)]
            nearest = stage.nearest(stage.ball.position, everybody)
            owner = receiver if stage.distance(receiver, stage.ball.position) < 1.5 else nearest
            if stage.distance(owner, stage.ball.position) < 1.5:
                return owner
        yield


def _carry(stage: Stage, owner: int, seconds: float, foul_due_s: float | None) -> Iterator[None]:
    """Run with the ball; when a foul is due, until the challenge arrives."""
    team = TEAM_OF[owner]
    for tick in range(40):
        fouled = foul_due_s is not None and stage.time >= foul_due_s
        stage.shape(team)
        presser = stage.nearest(stage.ball.position, outfield(1 - team))
        if fouled:
            stage.send(presser, stage.position(owner), 8.0)
        else:
            stage.send(presser, stage.position(owner) + 0.8 * side(team), 6.0)
        stage.send(owner, _way(stage, owner), 2.0 if fouled else 4.8)
        stage.dribble(owner)
        close = stage.distance(presser, stage.position(owner)) < 1.3
        if (fouled and close) or (not fouled and tick >= seconds * 10):
            return
        yield


def _way(stage: Stage, owner: int) -> complex:
    """Where the carrier runs: up the pitch, weaving, not off it."""
    team = TEAM_OF[owner]
    spot = stage.position(owner)
    ahead = side(team) * (3.0 if spot.real * side(team) < 9 else 0.0)
    weave = 2.2j * (1 if (int(stage.time / 1.7) + owner) % 2 else -1)
    goal = spot + ahead + weave - 0.12j * spot.imag
    return complex(min(max(goal.real, -17.5), 17.5), min(max(goal.imag, -10.5), 10.5))


def _tackled(stage: Stage, owner: int) -> int:
    """Now and then a tackle wins the ball: the new owner."""
    presser = stage.nearest(stage.ball.position, outfield(1 - TEAM_OF[owner]))
    if stage.distance(presser, stage.ball.position) < 1.2 and stage.rng.random() < 0.3:
        return presser
    return owner


def _leads(stage: Stage, owner: int) -> bool:
    """Whether nobody of the team is further up: then run instead of passing."""
    team = TEAM_OF[owner]
    front = max(stage.position(mate).real * side(team) for mate in outfield(team))
    return front <= stage.position(owner).real * side(team) + 1.0


def _over_the_touch_line(stage: Stage, team: int) -> complex:
    """Send the ball out of play at the nearer touch-line; where it stops."""
    spot = stage.ball.position
    edge = 12.9 if spot.imag >= 0 else -12.9
    x = min(max(spot.real + side(team) * stage.rng.uniform(1, 4), -16), 16)
    out = complex(x, edge)
    stage.ball.kick(out, stage.time, max(0.5, round(abs(out - spot) / 11, 1)), slowdown=0.3)
    return out


def _interceptor(stage: Stage, owner: int) -> int:
    """An opponent near the lane of the pass goes for the ball, if there is one."""
    flight = stage.ball.flight
    assert flight is not None
    lane = flight.start + 0.75 * (flight.end - flight.start)
    thief = stage.nearest(lane, outfield(1 - TEAM_OF[owner]))
    if stage.distance(thief, lane) > 3.0:
        return stage.nearest(flight.end, [mate for mate in outfield(TEAM_OF[owner]) if mate != owner])
    stage.ball.kick(lane, stage.time, max(0.4, round(0.75 * flight.duration_s, 1)), slowdown=0.25)
    return thief
