"""A seeded player: walks the level, shoots what it sees, takes what it needs, and leaves by the exit.

It knows more than a viewer (where everything lies), so that watching it is worth while; what it does comes from the
seed and the views alone.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from random import Random

from core.programmes.freedoom.game import BUTTONS, DECISION_TICS
from core.programmes.freedoom.grid import Cell, NavigationGrid, bearing
from core.programmes.freedoom.names import AMMO_ITEMS, ARMOUR_ITEMS, HEALTH_ITEMS, ITEMS, MONSTERS, WEAPON_ITEMS
from core.programmes.freedoom.view import Thing, View

FASTEST_TURN = 9.0  # degrees a tic
STUCK_AFTER = 4  # decisions without getting anywhere
REACH = 40.0  # map units at which a waypoint counts as reached
FORGET_CLOSED_AFTER = 12  # times stuck
SWITCH_SHARE = 0.003  # decisions at which a player takes another weapon for the sake of it
MELEE = 1


class Player:
    """Decides what to press. One for each level.

    Args:
        exits: middles of the lines that end the level. leave_at_tic: when to look for them.
        hunts: how often it looks for others rather than for things.
    """

    def __init__(
        self, rng: Random, grid: NavigationGrid, exits: Sequence[tuple[float, float]], leave_at_tic: int, hunts: float
    ) -> None:
        self._rng = rng
        self._grid = grid
        self._exits = exits
        self._leave_at_tic = leave_at_tic
        self._sway = rng.uniform(2.0, 7.0)  # how far the aim is off, degrees
        self._pause = rng.uniform(0.4, 0.9)  # how often this player stands still to look round
        self._favourite = rng.choice((3, 4, 5, 6, 3, 4))
        self._hunts = hunts
        self._path: list[Cell] = []
        self._closed: set[Cell] = set()
        self._goal: tuple[float, float] | None = None
        self._last = (0.0, 0.0)
        self._still = 0
        self._times_stuck = 0
        self._strafe = 1
        self._waits_till = 0

    def act(self, view: View) -> list[float]:
        """The buttons of the next DECISION_TICS tics, in order of BUTTONS."""
        pressed: dict[str, float] = {}
        enemy = self._enemy(view)
        if enemy is not None:
            self._fight(view, enemy, pressed)
        elif view.tic >= self._waits_till:
            self._walk(view, pressed)
        self._choose_weapon(view, pressed, fighting=enemy is not None)
        self._last = view.place[:2]
        return [pressed.get(button, 0.0) for button in BUTTONS]

    def _enemy(self, view: View) -> Thing | None:
        """The nearest one in sight."""
        x, y, _ = view.place
        others = [
            thing
            for thing in view.seen
            if (thing.kind in MONSTERS or thing.kind == "DoomPlayer")
            and 1.0 < math.hypot(thing.x - x, thing.y - y) < 1500.0
        ]
        return min(others, key=lambda thing: math.hypot(thing.x - x, thing.y - y), default=None)

    def _fight(self, view: View, enemy: Thing, pressed: dict[str, float]) -> None:
        x, y, facing = view.place
        off = bearing(x, y, enemy.x, enemy.y, facing) + self._rng.gauss(0.0, self._sway)
        _turn(off, pressed)
        distance = math.hypot(enemy.x - x, enemy.y - y)
        near = math.degrees(math.atan2(24.0, distance))
        if abs(off) < max(6.0, near):
            pressed["ATTACK"] = 1.0
        if self._rng.random() < 0.15:
            self._strafe = -self._strafe
        pressed["MOVE_LEFT" if self._strafe > 0 else "MOVE_RIGHT"] = 1.0
        slot = view.variables["SELECTED_WEAPON"]
        if distance > 350.0 or slot == MELEE:
            pressed["MOVE_FORWARD"] = 1.0
        elif distance < 140.0 and slot != MELEE:
            pressed["MOVE_BACKWARD"] = 1.0
        self._path = []
        self._still = 0

    def _walk(self, view: View, pressed: dict[str, float]) -> None:
        x, y, facing = view.place
        self._notice_stuck(view, pressed)
        while self._path and math.dist((x, y), self._grid.centre(self._path[0])) < REACH:
            self._path.pop(0)
        if not self._path:
            if self._goal is not None:
                self._end_walk(view, pressed)
                return
            self._plan(view)
        if not self._path:
            pressed["MOVE_FORWARD"] = 1.0
            _turn(self._rng.uniform(-60.0, 60.0), pressed)
            return
        ahead = self._grid.centre(self._path[min(1, len(self._path) - 1)])
        off = bearing(x, y, *ahead, facing)
        _turn(off, pressed)
        if abs(off) < 60.0:
            pressed["MOVE_FORWARD"] = 1.0
        if any(self._grid.doors[cell] for cell in self._path[:3]) and self._rng.random() < 0.5:
            pressed["USE"] = 1.0

    def _end_walk(self, view: View, pressed: dict[str, float]) -> None:
        """At the end of a path: press what is there, or look round."""
        x, y, facing = view.place
        assert self._goal is not None
        off = bearing(x, y, *self._goal, facing)
        far = math.dist((x, y), self._goal)
        if far > 24.0 and self._still < STUCK_AFTER:
            _turn(off, pressed)
            pressed["MOVE_FORWARD"] = 1.0 if abs(off) < 40.0 else 0.0
            pressed["USE"] = float(self._goal in self._exits and abs(off) < 25.0)
            return
        self._goal = None
        if self._rng.random() < self._pause:
            self._waits_till = view.tic + self._rng.randrange(30, 160)

    def _notice_stuck(self, view: View, pressed: dict[str, float]) -> None:
        moved = math.dist(view.place[:2], self._last)
        self._still = self._still + 1 if moved < 6.0 else 0
        if self._still < STUCK_AFTER:
            return
        self._still = 0
        self._times_stuck += 1
        if self._path:
            self._closed.update(self._path[:2])
        if self._times_stuck % FORGET_CLOSED_AFTER == 0:
            self._closed.clear()
        self._path = []
        self._goal = None
        pressed["USE"] = 1.0
        pressed["MOVE_BACKWARD"] = 1.0
        _turn(self._rng.choice((-90.0, 90.0)), pressed)

    def _plan(self, view: View) -> None:
        """The next place to go to: the exit late on, what is needed, else anywhere."""
        x, y, _ = view.place
        start = self._grid.cell(x, y)
        if start is None:
            return
        leaving = view.tic >= self._leave_at_tic and self._exits
        if not (leaving and self._go(start, self._exits)) and not (
            self._rng.random() < 0.7 and self._go(start, self._wanted(view))
        ):
            reachable = [cell for cell in range(0, len(self._grid.ways), 7) if self._grid.ways[cell]]
            goals = set(self._rng.sample(reachable, min(3, len(reachable))))
            self._path = self._grid.path(start, goals.__contains__, self._closed)
            self._goal = self._grid.centre(self._path[-1]) if self._path else None

    def _go(self, start: Cell, places: Sequence[tuple[float, float]]) -> bool:
        """Plan a way to the nearest of these; False when there is none."""
        cells = {cell: place for place in places if (cell := self._grid.cell(*place)) is not None}
        self._path = self._grid.path(start, cells.__contains__, self._closed) if cells else []
        self._goal = cells[self._path[-1]] if self._path else None
        return bool(self._path)

    def _wanted(self, view: View) -> list[tuple[float, float]]:
        """Places of what this player would take now."""
        known = view.variables
        wanted: set[str] = {kind for kind, slot in WEAPON_ITEMS.items() if not known[f"WEAPON{slot}"]}
        if known["HEALTH"] < 70:
            wanted.update(HEALTH_ITEMS)
        if known["ARMOR"] < 60:
            wanted.update(ARMOUR_ITEMS)
        if known["SELECTED_WEAPON_AMMO"] < 25:
            wanted.update(AMMO_ITEMS)
        things = view.things
        lying = [(thing.x, thing.y) for thing in things if thing.kind in wanted & ITEMS]
        others = [
            (thing.x, thing.y)
            for thing in things
            if thing.kind in MONSTERS
            or (thing.kind == "DoomPlayer" and math.dist(view.place[:2], (thing.x, thing.y)) > 64)
        ]
        return others if others and (not lying or self._rng.random() < self._hunts) else lying

    def _choose_weapon(self, view: View, pressed: dict[str, float], fighting: bool) -> None:
        known = view.variables
        slot = known["SELECTED_WEAPON"]
        owned = [n for n in range(2, 8) if known[f"WEAPON{n}"] and known[f"AMMO{n}"] > 0 and n != slot]
        if not owned:
            return
        if fighting and slot == MELEE:
            pressed[f"SELECT_WEAPON{max(owned)}"] = 1.0
        elif not fighting and self._rng.random() < SWITCH_SHARE:
            choice = self._favourite if self._favourite in owned else self._rng.choice(owned)
            pressed[f"SELECT_WEAPON{choice}"] = 1.0


def _turn(off: float, pressed: dict[str, float]) -> None:
    """Turn left by `off` degrees within a decision, as far as a hand is quick enough."""
    pressed["TURN_LEFT_RIGHT_DELTA"] = -max(-FASTEST_TURN, min(FASTEST_TURN, off / DECISION_TICS))
