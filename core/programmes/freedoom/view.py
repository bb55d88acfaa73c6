"""One moment of a level as numbers: what the recorder's player acts on and the truth is read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.programmes.freedoom.game import VARIABLES


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of the level. kind: ViZDoom's name for it. x, y: map units.

    tall: its share of the picture's height, 0 where it is not asked for.
    """

    id: int
    kind: str
    x: float
    y: float
    tall: float = 0.0


@dataclass(frozen=True, slots=True)
class View:
    """The game at one tic.

    Attributes:
        tic: of this level.
        variables: ViZDoom's game variables by name.
        seen: the objects that the picture shows.
        notices: lines the game has written since the last decision.
        things: the objects of the level, of the last second: a player needs no fresher ones to plan its way.
    """

    tic: int
    variables: dict[str, float]
    seen: tuple[Thing, ...]
    notices: tuple[str, ...]
    things: tuple[Thing, ...]

    @property
    def place(self) -> tuple[float, float, float]:
        """Map units, and degrees counted counter-clockwise from +x."""
        known = self.variables
        return known["POSITION_X"], known["POSITION_Y"], known["ANGLE"]

    @property
    def alive(self) -> bool:
        return not self.variables["DEAD"]


def view_of(state: Any, before: tuple[Thing, ...] = ()) -> View:
    """A state of ViZDoom's, taken at a decision, as a view.

    Args:
        before: the things of the last view, which stay where the state has no objects.
    """
    rows = len(state.screen_buffer)
    seen = tuple(
        Thing(
            label.object_id,
            label.object_name,
            label.object_position_x,
            label.object_position_y,
            label.height / rows,
        )
        for label in state.labels
    )
    things = tuple(Thing(one.id, one.name, one.position_x, one.position_y) for one in state.objects or ())
    values = dict(zip(VARIABLES, state.game_variables.tolist(), strict=True))
    notices = tuple(line.strip() for line in (state.notifications_buffer or "").splitlines() if line.strip())
    return View(state.tic, values, seen, notices, things or before)
