"""Restarts: kick-off, free kick after a foul, corner, throw-in."""

from collections.abc import Iterator

from core.programmes.football.match_state import OUT, MatchState, PhaseScript
from core.programmes.football.open_play import in_range
from core.programmes.football.pitch import REFEREE, TEAM_OF, Play, Pose, outfield, side

ON_THE_GROUND_S = 3.4


def kick_off(state: MatchState, team: int) -> PhaseScript:
    """Everybody walks back; the event is the first pass from the centre spot."""
    fetched = abs(state.ball.position) < 0.1
    ready = 0
    while ready < 8:
        first = state.line_up(team)
        if not fetched and state.elapsed >= 0.5:
            fetched = True
            state.ball.kick(0j, state.time, 1.6, height=2.5, slowdown=0.3)
        gaps = abs(state.squad.targets[OUT] - state.squad.position[OUT])
        late = state.elapsed > 6.0
        ready += fetched and state.ball.arrived(state.time) and (gaps.max() < 1.0 or late)
        yield
    state.begin_half()
    state.emit("kick-off", team)
    receiver = outfield(team)[state.rng.choice((0, 1, 2))]
    state.ball.kick(state.position(receiver), state.time, 1.1, slowdown=0.3)
    state.squad.take(first, Pose.KICK)
    for _ in state.ticks(0.5):
        state.line_up(team)
        yield
    return Play.OPEN, {"receiver": receiver}


def foul(state: MatchState, victim: int, offender: int) -> PhaseScript:
    """The victim goes down and stays down, the referee comes with the card; then a free kick."""
    spot = state.position(victim)
    along = 1 if state.squad.heading[victim].real >= 0 else -1
    state.squad.take(victim, Pose.LIE, complex(along, state.rng.uniform(-0.25, 0.25)))
    spot_ball = spot + complex(0.4 * along, -1.1)
    for tick in state.ticks(0.2 + ON_THE_GROUND_S):
        _gather(state, spot, along, offender)
        state.ball.follow(spot_ball, grip=0.3)
        if tick == 2:
            state.emit("foul", TEAM_OF[offender])
        if tick >= 1:
            state.squad.take(REFEREE, Pose.CARD)
        yield
    state.squad.release_all()
    return (yield from _free_kick(state, TEAM_OF[victim], victim))


def _gather(state: MatchState, spot: complex, along: int, offender: int) -> None:
    """Offender beside the victim, referee on the other side, the rest slow down."""
    state.take_formation(1 - TEAM_OF[offender], 1.8)
    state.send(offender, spot + complex(-0.9 * along, 0.9), 4.0)
    beside = complex(1.2 * along, 1.9) if spot.imag < 8 else complex(2.9 * along, 0.3)
    state.send(REFEREE, spot + beside, 8.5)


def _free_kick(state: MatchState, team: int, victim: int) -> PhaseScript:
    spot = state.ball.position
    taker = state.nearest(spot, [mate for mate in outfield(team) if mate != victim])
    for tick in state.ticks(2.2):
        state.take_formation(team, 4.0)
        state.send(taker, spot - 0.8 * side(team), 6.0)
        if tick > 6 and state.distance(taker, spot) < 1.2:
            break
        yield
    if in_range(spot, team) and state.rng.random() < 0.6:
        return Play.SHOT, {"shooter": taker}
    state.squad.take(taker, Pose.KICK)
    return Play.OPEN, {"receiver": state.pass_from(taker, 0.3)}


def throw_in(state: MatchState, team: int, out: complex) -> PhaseScript:
    """The nearest player fetches the ball behind the touch-line and lifts it above the head."""
    spot = complex(out.real, 12.5 if out.imag > 0 else -12.5)
    taker = state.nearest(spot, outfield(team))
    infield = -1j if out.imag > 0 else 1j
    while not (state.ball.arrived(state.time) and state.distance(taker, spot) < 0.5):
        state.take_formation(team, 5.0, focus=out * 0.8)
        state.send(taker, spot, 7.0)
        yield
    for _ in state.ticks(1.2):
        state.squad.take(taker, Pose.THROW, infield)
        state.take_formation(team, 3.0, focus=out * 0.8)
        state.send(taker, spot)
        state.ball.follow(state.position(taker) + 0.15 * infield, 2.75, 0.8)
        yield
    state.squad.release(taker)
    return Play.OPEN, {"receiver": state.pass_from(taker, 0.1, loft=0.3)}


def corner(state: MatchState, team: int, blocked: bool) -> PhaseScript:
    """From the ball going behind the end line (off a defender when `blocked`) to the kick."""
    if blocked:
        yield from _block(state, team)
    away = 1 if state.ball.position.imag >= 0 else -1
    spot = complex(side(team) * 19.7, away * 11.7)
    state.ball.kick(spot, state.time, 1.5, height=0.6, slowdown=0.4)
    taker = state.nearest(spot, list(outfield(team))[:4])
    stand = spot + complex(side(team) * 0.95, -away * 0.25)
    while not (state.ball.arrived(state.time) and state.distance(taker, stand) < 0.5):
        _crowd_the_area(state, team, taker, stand)
        yield
    state.emit("corner", team)
    for _ in state.ticks(1.2):
        state.squad.take(taker, Pose.SIGNAL)
        _crowd_the_area(state, team, taker, stand)
        yield
    state.squad.take(taker, Pose.KICK)
    return Play.CROSS, {"team": team, "taker": taker}


def _block(state: MatchState, team: int) -> Iterator[None]:
    """A ball into the area is headed behind by a defender."""
    away = 1 if state.ball.position.imag >= 0 else -1
    spot = complex(side(team) * 15.5, away * state.rng.uniform(4, 6))
    blocker = state.nearest(spot, outfield(1 - team))
    state.ball.kick(spot, state.time, max(0.6, round(abs(spot - state.ball.position) / 10, 1)), 0.8, 1.2)
    for end in (spot, complex(side(team) * 21.6, away * state.rng.uniform(6, 8.5))):
        if end != spot:
            state.ball.kick(end, state.time, 0.8, 0.5, slowdown=0.3)
        while not state.ball.arrived(state.time):
            state.take_formation(team, focus=spot)
            state.send(blocker, spot, 8.0)
            yield


def _crowd_the_area(state: MatchState, team: int, taker: int, stand: complex) -> None:
    """Attackers and defenders wait in front of the goal, the taker goes to the corner."""
    state.take_formation(team, 5.5, focus=complex(side(team) * 12, 0))
    mates = [mate for mate in outfield(team) if mate != taker]
    for number, (mate, marker) in enumerate(zip(mates, outfield(1 - team), strict=False)):
        spot = complex(side(team) * (11.0 + 2.1 * (number % 3)), -4.5 + 3.0 * number)
        state.send(mate, spot, 6.0)
        state.send(marker, spot + complex(side(team) * 1.3, 0.4), 6.0)
    state.send(taker, stand, 7.5)


def cross(state: MatchState, team: int, taker: int) -> PhaseScript:
    """The corner comes in: a header at goal, or the defence clears."""
    mates = [mate for mate in outfield(team) if mate != taker]
    spot = complex(side(team) * state.rng.uniform(10.5, 12.0), state.rng.uniform(-2.5, 2.5))
    header = state.nearest(spot, mates)
    state.ball.kick(spot, state.time, 1.2, height=2.2, end_z=1.7)
    while not state.ball.arrived(state.time):
        state.take_formation(team, 2.5, focus=complex(side(team) * 12, 0))
        state.send(header, spot, 6.0)
        state.squad.release(taker)
        yield
    if state.rng.random() < 0.45:
        return Play.SHOT, {"shooter": header}
    clearer = state.nearest(spot, outfield(1 - team))
    return Play.OPEN, {"receiver": state.pass_from(clearer, 0.6, loft=1.0)}
