"""Restarts: kick-off, free kick after a foul, corner, throw-in."""

from collections.abc import Iterator

from core.programmes.football.open_play import in_range
from core.programmes.football.pitch import REFEREE, TEAM_OF, Play, Pose, outfield, side
from core.programmes.football.stage import OUT, Script, Stage

ON_THE_GROUND_S = 3.4


def kick_off(stage: Stage, team: int) -> Script:
    """Everybody walks back; the event is the first pass from the centre spot."""
    fetched = stage.time < 0.05
    ready = 0
    while ready < 8:
        first = stage.line_up(team)
        if not fetched and stage.elapsed >= 0.5:
            fetched = True
            stage.ball.kick(0j, stage.time, 1.6, height=2.5, slowdown=0.3)
        gaps = abs(stage.squad.targets[OUT] - stage.squad.position[OUT])
        late = stage.elapsed > 6.0
        ready += fetched and stage.ball.arrived(stage.time) and (gaps.max() < 1.0 or late)
        yield
    stage.emit("kick-off", team)
    receiver = outfield(team)[stage.rng.choice((0, 1, 2))]
    stage.ball.kick(stage.position(receiver), stage.time, 1.1, slowdown=0.3)
    stage.squad.take(first, Pose.KICK)
    for _ in stage.ticks(0.5):
        stage.line_up(team)
        yield
    return Play.OPEN, {"receiver": receiver}


def foul(stage: Stage, victim: int, offender: int) -> Script:
    """The victim goes down and stays down, the referee comes with the card; then a free kick."""
    spot = stage.position(victim)
    along = 1 if stage.squad.heading[victim].real >= 0 else -1
    stage.squad.take(victim, Pose.LIE, complex(along, stage.rng.uniform(-0.25, 0.25)))
    spot_ball = spot + complex(0.4 * along, -1.1)
    for tick in stage.ticks(0.2 + ON_THE_GROUND_S):
        _gather(stage, spot, along, offender)
        stage.ball.follow(spot_ball, grip=0.3)
        if tick == 2:
            stage.emit("foul", TEAM_OF[offender])
        if tick >= 1:
            stage.squad.take(REFEREE, Pose.CARD)
        yield
    stage.squad.release_all()
    return (yield from _free_kick(stage, TEAM_OF[victim], victim))


def _gather(stage: Stage, spot: complex, along: int, offender: int) -> None:
    """Offender beside the victim, referee on the other side, the rest slow down."""
    stage.shape(1 - TEAM_OF[offender], 1.8)
    stage.send(offender, spot + complex(-0.9 * along, 0.9), 4.0)
    beside = complex(1.2 * along, 1.9) if spot.imag < 8 else complex(2.9 * along, 0.3)
    stage.send(REFEREE, spot + beside, 8.5)


def _free_kick(stage: Stage, team: int, victim: int) -> Script:
    spot = stage.ball.position
    taker = stage.nearest(spot, [mate for mate in outfield(team) if mate != victim])
    for tick in stage.ticks(2.2):
        stage.shape(team, 4.0)
        stage.send(taker, spot - 0.8 * side(team), 6.0)
        if tick > 6 and stage.distance(taker, spot) < 1.2:
            break
        yield
    if in_range(spot, team) and stage.rng.random() < 0.6:
        return Play.SHOT, {"shooter": taker}
    stage.squad.take(taker, Pose.KICK)
    return Play.OPEN, {"receiver": stage.pass_from(taker, 0.3)}


def throw_in(stage: Stage, team: int, out: complex) -> Script:
    """The nearest player fetches the ball behind the touch-line and lifts it above the head."""
    spot = complex(out.real, 12.5 if out.imag > 0 else -12.5)
    taker = stage.nearest(spot, outfield(team))
    infield = -1j if out.imag > 0 else 1j
    while not (stage.ball.arrived(stage.time) and stage.distance(taker, spot) < 0.5):
        stage.shape(team, 5.0, focus=out * 0.8)
        stage.send(taker, spot, 7.0)
        yield
    stage.emit("throw-in", team)
    for _ in stage.ticks(1.2):
        stage.squad.take(taker, Pose.THROW, infield)
        stage.shape(team, 3.0, focus=out * 0.8)
        stage.send(taker, spot)
        stage.ball.follow(stage.position(taker) + 0.15 * infield, 2.75, 0.8)
        yield
    stage.squad.release(taker)
    return Play.OPEN, {"receiver": stage.pass_from(taker, 0.1, loft=0.3)}


def corner(stage: Stage, team: int, blocked: bool) -> Script:
    """From the ball going behind the end line (off a defender when `blocked`) to the kick."""
    if blocked:
        yield from _block(stage, team)
    away = 1 if stage.ball.position.imag >= 0 else -1
    spot = complex(side(team) * 19.7, away * 11.7)
    stage.ball.kick(spot, stage.time, 1.5, height=0.6, slowdown=0.4)
    taker = stage.nearest(spot, list(outfield(team))[:4])
    stand = spot + complex(side(team) * 0.95, -away * 0.25)
    while not (stage.ball.arrived(stage.time) and stage.distance(taker, stand) < 0.5):
        _crowd_the_area(stage, team, taker, stand)
        yield
    stage.emit("corner", team)
    for _ in stage.ticks(1.2):
        stage.squad.take(taker, Pose.SIGNAL)
        _crowd_the_area(stage, team, taker, stand)
        yield
    stage.squad.take(taker, Pose.KICK)
    return Play.CROSS, {"team": team, "taker": taker}


def _block(stage: Stage, team: int) -> Iterator[None]:
    """A ball into the area is headed behind by a defender."""
    away = 1 if stage.ball.position.imag >= 0 else -1
    spot = complex(side(team) * 15.5, away * stage.rng.uniform(4, 6))
    blocker = stage.nearest(spot, outfield(1 - team))
    stage.ball.kick(spot, stage.time, max(0.6, round(abs(spot - stage.ball.position) / 10, 1)), 0.8, 1.2)
    for end in (spot, complex(side(team) * 21.6, away * stage.rng.uniform(6, 8.5))):
        if end != spot:
            stage.ball.kick(end, stage.time, 0.8, 0.5, slowdown=0.3)
        while not stage.ball.arrived(stage.time):
            stage.shape(team, focus=spot)
            stage.send(blocker, spot, 8.0)
            yield


def _crowd_the_area(stage: Stage, team: int, taker: int, stand: complex) -> None:
    """Attackers and defenders wait in front of the goal, the taker goes to the corner."""
    stage.shape(team, 5.5, focus=complex(side(team) * 12, 0))
    mates = [mate for mate in outfield(team) if mate != taker]
    for number, (mate, marker) in enumerate(zip(mates, outfield(1 - team), strict=False)):
        spot = complex(side(team) * (11.0 + 2.1 * (number % 3)), -4.5 + 3.0 * number)
        stage.send(mate, spot, 6.0)
        stage.send(marker, spot + complex(side(team) * 1.3, 0.4), 6.0)
    stage.send(taker, stand, 7.5)


def cross(stage: Stage, team: int, taker: int) -> Script:
    """The corner comes in: a header at goal, or the defence clears."""
    mates = [mate for mate in outfield(team) if mate != taker]
    spot = complex(side(team) * stage.rng.uniform(10.5, 12.0), stage.rng.uniform(-2.5, 2.5))
    header = stage.nearest(spot, mates)
    stage.ball.kick(spot, stage.time, 1.2, height=2.2, end_z=1.7)
    while not stage.ball.arrived(stage.time):
        stage.shape(team, 2.5, focus=complex(side(team) * 12, 0))
        stage.send(header, spot, 6.0)
        stage.squad.release(taker)
        yield
    if stage.rng.random() < 0.55:
        return Play.SHOT, {"shooter": header}
    clearer = stage.nearest(spot, outfield(1 - team))
    return Play.OPEN, {"receiver": stage.pass_from(clearer, 0.6, loft=1.0)}
