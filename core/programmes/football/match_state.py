"""What every phase of play shares: who and what is on the pitch, the clock, and common moves."""

from __future__ import annotations

from collections.abc import Generator
from random import Random
from typing import TYPE_CHECKING, Any

import numpy as np

from core.programmes.football.ball import RADIUS_M, Ball
from core.programmes.football.event import MatchEvent
from core.programmes.football.pitch import FIGURES, KEEPERS, REFEREE, TEAM_OF, TICK_S, Play, outfield, side
from core.programmes.football.squad import Squad

if TYPE_CHECKING:
    from core.programmes.football.replay import ShownAgain

HALF_S = (245.0, 300.0)  # the whistle waits for open play after that
OUT = np.array([*outfield(0), *outfield(1)])
SIDES = np.array([1.0] * 5 + [-1.0] * 5)
BASE = np.array([-9.5 - 4j, -9.5 + 4j, -1.5 - 7.5j, -1.5 + 7.5j, 5.0] * 2)  # seen from each team's own goal
KICK_OFF = np.array([-12 - 4.5j, -12 + 4.5j, -6.5 - 6.5j, -6.5 + 6.5j, -4.6 + 0j] * 2)


PhaseScript = Generator[None, None, tuple[Play, dict[str, Any]]]  # a phase: acts once a tick, returns the next phase


class MatchState:
    """The one mutable state of the match; the scripts of the phases act on it."""

    def __init__(self, rng: Random, opening: int, half_s: tuple[float, float] = HALF_S):
        """`opening`: the team that kicks off. `half_s`: how long a half may be, seconds."""
        self.rng = rng
        self._half_s = half_s
        self.time = 0.0
        self.opening = opening
        self.number = 0
        self.half = 1
        self.clock_s = 0.0
        self.whistle_s: float | None = None  # when the half is over; None while the ball does not roll
        self.shown_again: ShownAgain | None = None
        self.play = Play.KICK_OFF
        self.since = 0.0
        self.net = 0.0
        self.score = [0, 0]
        self.events: list[MatchEvent] = []
        self.ball = Ball()
        self.squad = Squad(self._first_positions())
        self._wander = np.array([rng.uniform(0, 6.28) for _ in OUT])
        self._wander_rate = np.array([rng.uniform(0.5, 1.1) for _ in OUT])

    @staticmethod
    def _first_positions() -> np.ndarray:
        positions = np.zeros(FIGURES, np.complex128)
        positions[OUT] = KICK_OFF * SIDES
        positions[list(KEEPERS)] = -18.8, 18.8
        positions[REFEREE] = 1 + 5j
        return positions

    def emit(self, kind: str, team: int) -> None:
        """Report an event at this very tick."""
        score = self.score[0], self.score[1]
        self.events.append(MatchEvent(round(self.time, 3), kind, team, score, self.half, self.number))

    @property
    def over(self) -> bool:
        """Whether the half is to end at the next quiet moment."""
        return self.whistle_s is not None and self.time >= self.whistle_s

    def begin_half(self) -> None:
        """The clock runs, unless it does."""
        if self.whistle_s is None:
            self.whistle_s = self.time + self.rng.uniform(*self._half_s)

    def end_half(self) -> None:
        """The clock stands still."""
        self.whistle_s = None

    def begin_match(self) -> None:
        """The next match: nothing has happened in it."""
        self.number += 1
        self.half = 1
        self.clock_s = 0.0
        self.score = [0, 0]
        self.opening = 1 - self.opening

    @property
    def elapsed(self) -> float:
        """Seconds since this phase of play began."""
        return self.time - self.since

    @staticmethod
    def ticks(seconds: float) -> range:
        """The ticks of a while: `for _ in state.ticks(2): ...; yield`."""
        return range(round(seconds / TICK_S))

    def position(self, figure: int) -> complex:
        return complex(self.squad.position[figure])

    def distance(self, figure: int, spot: complex) -> float:
        return abs(self.position(figure) - spot)

    def nearest(self, spot: complex, figures) -> int:
        """The figure closest to a spot."""
        return min(figures, key=lambda figure: self.distance(figure, spot))

    def send(self, figure: int, spot: complex, pace: float = 6.5) -> None:
        """Let one figure go to a spot."""
        self.squad.targets[figure] = spot
        self.squad.pace[figure] = pace

    def take_formation(self, attacking: int, pace: float = 5.6, focus: complex | None = None) -> None:
        """Everybody takes up a formation that breathes with the ball (or another focus)."""
        focus = self.ball.position if focus is None else focus
        seen = focus.real * SIDES
        attack = np.where(side(attacking) == SIDES, 1.0, 0.0)
        x = BASE.real + 0.62 * seen + 6.5 * attack - 2.5
        y = BASE.imag * (0.72 + 0.4 * attack) + 0.32 * focus.imag * SIDES
        spots = np.clip(x, -16.5, 12.8) + 1j * np.clip(y, -10.6, 10.6)
        wander = 1.3 * np.exp(1j * (self._wander + self._wander_rate * self.time))
        self.squad.targets[OUT] = spots * SIDES + wander
        self.squad.pace[:] = pace
        self.keepers_and_referee(focus)

    def keepers_and_referee(self, focus: complex) -> None:
        """Keepers stay between ball and goal; the referee follows at a distance."""
        for team, keeper in enumerate(KEEPERS):
            away = abs(focus.real + side(team) * 20)
            x = -19.1 + min(0.07 * away, 2.2)
            self.send(keeper, side(team) * x + 1j * min(max(0.2 * focus.imag, -1.6), 1.6), 4.5)
        offset = -3.0 + (4.2j if focus.imag < 3 else -4.2j)
        self.send(REFEREE, 0.85 * focus + offset, 5.5)

    def line_up(self, taking: int) -> int:
        """Targets for a kick-off by team `taking`, two of its players at the ball; who kicks."""
        self.squad.targets[OUT] = KICK_OFF * SIDES
        self.squad.pace[:] = 7.0
        self.keepers_and_referee(0j)
        self.send(REFEREE, 1.5 + 5.5j)
        first = outfield(taking)[4]
        second = outfield(taking)[3]
        self.send(first, -0.45 * side(taking) - 0.95j, 7)
        self.send(second, -0.45 * side(taking) + 0.95j, 7)
        return first

    def pass_from(self, figure: int, forward: float = 0.25, loft: float = 0.0) -> int:
        """Play the ball to the best placed team mate, leading the run; returns the receiver."""
        team = TEAM_OF[figure]
        mates = [mate for mate in outfield(team) if mate != figure]
        receiver = max(mates, key=lambda mate: self._promise(figure, mate, forward))
        way = self.distance(receiver, self.ball.position)
        duration = round(way / 10.5 + 0.15, 1)
        end = self.position(receiver) + complex(self.squad.velocity[receiver]) * min(duration, 0.8) * 0.8
        end = complex(min(max(end.real, -18), 18), min(max(end.imag, -11), 11))
        duration = max(0.4, round(abs(end - self.ball.position) / 10.5 + 0.15, 1))
        self.ball.kick(end, self.time, duration, height=loft, slowdown=0.25)
        return receiver

    def _promise(self, figure: int, mate: int, forward: float) -> float:
        """How good a pass to this mate looks."""
        team = TEAM_OF[figure]
        spot = self.position(mate)
        way = spot - self.position(figure)
        marker = self.nearest(spot, outfield(1 - team))
        open_m = min(self.distance(marker, spot), 5.0)
        too_far = max(abs(way) - 12, 0) + 2 * max(4 - abs(way), 0)
        return open_m + forward * way.real * side(team) - too_far + self.rng.uniform(0, 3)

    def dribble(self, figure: int) -> None:
        """The ball runs at the figure's feet."""
        swing = 0.75 + 0.2 * np.sin(6 * self.time)
        self.ball.follow(self.position(figure) + complex(self.squad.heading[figure]) * swing, RADIUS_M)
