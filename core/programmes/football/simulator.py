"""The endless broadcast, match after match of the same teams: deterministic from its seed, ten ticks a second."""

from collections.abc import Callable
from random import Random

import numpy as np

from core.programmes.football import breaks, finish, set_pieces
from core.programmes.football.event import MatchEvent
from core.programmes.football.match_state import HALF_S, MatchState, PhaseScript
from core.programmes.football.open_play import open_play
from core.programmes.football.pitch import TICK_S, Play
from core.programmes.football.replay import replay
from core.programmes.football.timeline import (
    BALL,
    CLOCK,
    NET,
    NUMBER,
    PLAY,
    PLAY_TIME,
    REPLAY,
    SCORE,
    StateSamples,
    Timeline,
)

KEEP_S = 120.0
SCRIPTS: dict[Play, Callable[..., PhaseScript]] = {
    Play.KICK_OFF: set_pieces.kick_off,
    Play.OPEN: open_play,
    Play.SHOT: finish.shot,
    Play.CELEBRATION: finish.celebration,
    Play.SAVE: finish.save,
    Play.GOAL_KICK: finish.goal_kick,
    Play.FOUL: set_pieces.foul,
    Play.CORNER: set_pieces.corner,
    Play.THROW_IN: set_pieces.throw_in,
    Play.CROSS: set_pieces.cross,
    Play.HALF_TIME: breaks.half_time,
    Play.FULL_TIME: breaks.full_time,
    Play.INTERVAL: breaks.interval,
    Play.REPLAY: replay,
}


class Match:
    """Teams are 0 (attacks towards +x) and 1; names and colours are a Fixture's business.

    Each phase of play is a script: a generator that acts on the state once a tick and returns the
    next phase. Ticks and events older than KEEP_S (at most twice that) are forgotten unless `keep`.
    """

    def __init__(self, seed: int, keep: bool = False, half_s: tuple[float, float] = HALF_S):
        """`half_s`: how long a half may be, seconds."""
        self.seed = seed
        self.events: list[MatchEvent] = []
        self.timeline = Timeline(None if keep else KEEP_S)
        opening = Random(f"toss {seed}").randrange(2)
        self._state = MatchState(Random(f"match {seed}"), opening, half_s)
        self._ticks = 0
        self._script: PhaseScript = set_pieces.kick_off(self._state, opening)

    @property
    def end_s(self) -> float:
        """Broadcast time simulated so far, seconds."""
        return max(self.timeline.end_s, 0.0)

    def advance(self, seconds: float) -> None:
        """Simulate that much more of the match."""
        self.advance_to(self.end_s + seconds)

    def advance_to(self, time_s: float) -> None:
        """Simulate until the state at `time_s` is known (no-op when it is)."""
        ticks = int(np.ceil(time_s / TICK_S - 1e-6)) + 2
        while self._ticks < ticks:
            self._tick()

    def sample(self, times) -> StateSamples:
        """State at `times` (F,) in seconds, simulating on when needed. ValueError for forgotten times."""
        times = np.atleast_1d(np.asarray(times, np.float64))
        self.advance_to(float(times.max()))
        return self.timeline.sample(times)

    def events_between(self, start_s: float, end_s: float) -> list[MatchEvent]:
        """Events with start_s < time <= end_s, in order, simulating on when needed."""
        self.advance_to(end_s)
        return [event for event in self.events if start_s < event.time <= end_s]

    def _tick(self) -> None:
        state = self._state
        state.time = self._ticks * TICK_S
        state.ball.step(state.time)
        self._direct()
        state.squad.step(state.ball.position)
        state.net *= 0.93
        if state.whistle_s is not None:
            state.clock_s += TICK_S
        self._write(state)
        self._ticks += 1
        if state.events:
            self.events.extend(state.events)
            state.events.clear()
            self._forget()

    def _direct(self) -> None:
        """Run the script of the phase for one tick, changing phases as scripts end."""
        state = self._state
        while True:
            try:
                return next(self._script)
            except StopIteration as ended:
                state.play, facts = ended.value
                state.since = state.time
                self._script = SCRIPTS[state.play](state, **facts)

    def _write(self, state: MatchState) -> None:
        """The tick as a row of the timeline: what is, or what is shown again."""
        again = state.shown_again
        was = self.timeline.at(again.time_s) if again else None
        row = self.timeline.append()
        row[REPLAY] = again is not None
        if again is not None and was is not None:
            row[: NET + 1] = was[: NET + 1]
            again.flip(row)
        else:
            state.squad.write(row)
            row[BALL : BALL + 3] = state.ball.position.real, state.ball.position.imag, state.ball.z
            row[NET] = state.net
        row[PLAY] = state.play
        row[PLAY_TIME] = state.elapsed
        row[CLOCK] = state.clock_s
        row[NUMBER] = state.number
        row[SCORE:] = state.score

    def _forget(self) -> None:
        start = self.timeline.start_s
        if self.events[0].time < start:
            self.events = [event for event in self.events if event.time >= start]
