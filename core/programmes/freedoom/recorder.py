"""Plays level after level and keeps what happened; pictures are there at any time that is asked for in order."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random
from typing import TYPE_CHECKING

import numpy as np

from core.errors import SourceError
from core.programmes.freedoom.exits import exits
from core.programmes.freedoom.game import BUTTONS, DECISION_TICS, TICS_PER_S, start, vizdoom_module
from core.programmes.freedoom.grid import NavigationGrid, grid_of
from core.programmes.freedoom.happening import Happening, Truth
from core.programmes.freedoom.level import Level
from core.programmes.freedoom.player import Player
from core.programmes.freedoom.view import view_of

if TYPE_CHECKING:
    import vizdoom

LIE_TICS = (40, 90)  # how long a player lies dead before going on
HUNTS: dict[str, tuple[float, float]] = {"deathmatch": (0.5, 0.9), "monsters": (0.1, 0.3)}
LOOK_ROUND = TICS_PER_S // DECISION_TICS  # decisions from one list of the level's objects, which is dear, to the next
GRIDS: dict[tuple[str, str], NavigationGrid] = {}
"""Of the levels that this process has played, by file and map; each takes longer than ten seconds of play."""
LEAVE_SHARE = 0.5  # of a level's time, after which the player looks for the exit


@dataclass(frozen=True, slots=True)
class Moment:
    """What happened at one decision.

    Attributes:
        time: seconds since the recording began.
        happenings: in no order; a new level is one of kind "level".
        frags: of the player watched, then of the others by name. kills: monsters the player has killed in this level.
        health: 0 when dead. weapon: the slot in hand.
    """

    time: float
    happenings: tuple[Happening, ...]
    frags: tuple[int, ...]
    kills: int
    health: float
    weapon: int


class Recorder:
    """An endless recording of levels.

    Decisions and truth are taken every DECISION_TICS, wherever the pictures are asked for, so that the same levels give
    the same play at any frame rate.
    """

    def __init__(self, levels: Iterator[Level], size: tuple[int, int]) -> None:
        self.level = next(levels)
        self._levels = levels
        self._size = size
        self._tic = 0
        self._game: vizdoom.DoomGame | None = None
        self._action = [0.0] * len(BUTTONS)
        self._begin()

    @property
    def time(self) -> float:
        """Seconds recorded."""
        return self._tic / TICS_PER_S

    @property
    def picture(self) -> np.ndarray:
        """What is seen now: uint8 RGB (height, width, 3) as ViZDoom drew it."""
        return self._picture

    def advance(self, time_s: float) -> list[Moment]:
        """Play on until a time; what happened on the way. SourceError when the game ends on its own."""
        moments = []
        goal = int(time_s * TICS_PER_S + 1e-6)
        while self._tic < goal:
            to_decision = DECISION_TICS - self._tic % DECISION_TICS
            tics = min(to_decision, goal - self._tic)
            alive = self._step(tics)
            self._tic += tics
            if not alive or self._tic >= self._end_tic:
                self._next_level()
                moments.append(self._moment((Happening(self._tic, "level"),)))
            elif tics == to_decision:
                moments.append(self._decide())
        return moments

    def counts(self) -> dict[str, float]:
        """ViZDoom's game variables as of the last moment."""
        return self._view.variables

    def close(self) -> None:
        """End the game's process."""
        if self._game is not None:
            self._game.close()
            self._game = None

    def _begin(self) -> None:
        level = self.level
        rng = Random(f"player {level.seed}")
        self.close()
        self._game = start(level, self._size, sectors=(level.wad, level.map) not in GRIDS)
        state = self._game.get_state()
        place = level.wad, level.map
        if place not in GRIDS:
            GRIDS[place] = grid_of(state.sectors)
        self._game.set_sectors_info_enabled(False)
        self._game.set_objects_info_enabled(False)
        self._decisions = 0
        wad = Path(vizdoom_module().__file__).parent / f"{level.wad}.wad"
        ways_out = exits(wad, level.map) if wad.exists() and not level.bots else ()
        tics = int(level.seconds * TICS_PER_S)
        self._player = Player(rng, GRIDS[place], ways_out, int(tics * LEAVE_SHARE), rng.uniform(*HUNTS[level.rules]))
        self._truth = Truth(level.player, (level.player, *level.bots))
        self._rng = rng
        self._end_tic = self._tic + tics
        self._rises_at: int | None = None
        self._picture = state.screen_buffer
        self._view = view_of(state)
        self._truth.read(self._view)
        self._action = self._player.act(self._view)

    def _next_level(self) -> None:
        self.level = next(self._levels)
        self._begin()

    def _step(self, tics: int) -> bool:
        """Let tics pass; False when the level is over."""
        assert self._game is not None
        vzd = vizdoom_module()
        try:
            self._game.make_action(self._action, tics)
            state = self._game.get_state()
        except (vzd.ViZDoomErrorException, vzd.ViZDoomUnexpectedExitException) as error:
            raise SourceError("Freedoom ended", f"ViZDoom says: {error}") from error
        if state is None:
            return False
        self._state = state
        self._picture = state.screen_buffer
        return True

    def _decide(self) -> Moment:
        """Read the truth and press other buttons."""
        assert self._game is not None
        self._view = view_of(self._state, self._view.things)
        self._decisions += 1
        self._game.set_objects_info_enabled(self._decisions % LOOK_ROUND == 0)
        found = tuple(self._truth.read(self._view))
        if self._view.alive:
            self._rises_at = None
            self._action = self._player.act(self._view)
        else:
            self._lie()
        return self._moment(found)

    def _lie(self) -> None:
        assert self._game is not None
        self._action = [0.0] * len(BUTTONS)
        if self._rises_at is None:
            self._rises_at = self._tic + self._rng.randrange(*LIE_TICS)
        elif self._tic >= self._rises_at:
            self._game.respawn_player()

    def _moment(self, found: tuple[Happening, ...]) -> Moment:
        known = self._view.variables
        others = len(self.level.bots) + 1
        frags = tuple(int(known[f"PLAYER{number}_FRAGCOUNT"]) for number in range(1, others + 1))
        weapon = int(known["SELECTED_WEAPON"])
        return Moment(self.time, found, frags, int(known["KILLCOUNT"]), max(0.0, known["HEALTH"]), weapon)
