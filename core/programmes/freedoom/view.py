"""One moment of a level as numbers: what the recorder's player acts on and the truth is read from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from core.programmes.freedoom.game import VARIABLES


@dataclass(frozen=True, slots=True)
class Thing:
    """An object of the level. kind: ViZDoom's name for it. x, y: map units."""

    id: int
    kind: str
    x: float
    y: float


@dataclass(frozen=True, slots=True)
class View:
    """The game at one tic.

    Attributes:
        tic: of this level.
        variables: ViZDoom's game variables by name.
        seen: the objects that the picture shows.
        notices: lines the game has written since the last decision.
        state: ViZDoom's own record, for what is seldom asked for.
    """

    tic: int
    variables: dict[str, float]
    seen: tuple[Thing, ...]
    notices: tuple[str, ...]
    state: Any

    @property
    def place(self) -> tuple[float, float, float]:
        """Map units, and degrees counted counter-clockwise from +x."""
        known = self.variables
        return known["POSITION_X"], known["POSITION_Y"], known["ANGLE"]

    @property
    def alive(self) -> bool:
        return not self.variables["DEAD"]

    def things(self) -> tuple[Thing, ...]:
        """All objects of the level, hundreds of them."""
        return tuple(Thing(one.id, one.name, one.position_x, one.position_y) for one in self.state.objects)


def view_of(state: Any) -> View:
    """A state of ViZDoom's, taken at a decision, as a view."""
    seen = tuple(
        Thing(label.object_id, label.object_name, label.object_position_x, label.object_position_y)
        for label in state.labels
    )
    values = dict(zip(VARIABLES, state.game_variables.tolist(), strict=True))
    notices = tuple(line.strip() for line in (state.notifications_buffer or "").splitlines() if line.strip())
    return View(state.tic, values, seen, notices, state)
