"""What the game itself says has happened: read from its variables, its notices and its objects, never from pictures."""

from __future__ import annotations

from dataclasses import dataclass

from core.programmes.freedoom.names import MONSTERS, NOTICES, WEAPONS, obituary
from core.programmes.freedoom.view import View

LOW_HEALTH = 30.0
RECOVERED_HEALTH = 50.0  # above it, low health may be told again
SEEN_TALL = 0.14  # of the picture's height: a monster that is smaller falls unseen, as 20 pixels of 140 are little
SLOTS = {"double-barrelled shotgun": 3} | {name: slot for slot, name in WEAPONS.items()}
SETTLE_TICS = 55  # after a start, and after a weapon was picked up, the weapon in hand changes of itself


@dataclass(frozen=True, slots=True)
class Happening:
    """One thing that happened.

    Attributes:
        tic: of the level, at most a decision late.
        kind: one of "frag", "kill", "death", "weapon", "switch", "health", "armour", "ammo", "power-up", "low health",
            "rivals", "spare" (a weapon already owned: its ammunition counts).
        who: the victim, the killer (of a death, "" for nobody else), the weapon or the item.
        seen: whether the picture shows it; only a kill may happen where it does not.
    """

    tic: int
    kind: str
    who: str = ""
    seen: bool = True


class Truth:
    """Compares each view with the one before. One for each level."""

    def __init__(self, player: str, players: tuple[str, ...]) -> None:
        self._player = player
        self._players = players
        self._before: View | None = None
        self._settled_at = SETTLE_TICS
        self._low = False

    def read(self, view: View) -> list[Happening]:
        """What happened since the last view."""
        before = self._before
        self._before = view
        if before is None:
            return []
        found = [
            *self._kills(before, view),
            *self._notices(before, view),
            *self._weapon(before, view),
            *self._health(view),
        ]
        if not before.alive and view.alive:
            self._settled_at = view.tic + SETTLE_TICS
            self._low = False
        return found

    def _kills(self, before: View, view: View) -> list[Happening]:
        """Monsters this player killed: as many as KILLCOUNT says, named where the picture shows one that has died."""
        count = int(view.variables["KILLCOUNT"] - before.variables["KILLCOUNT"])
        if count <= 0:
            return []
        kinds = {one.id: one.kind for one in view.seen}
        fallen = [one for one in before.seen if one.kind in MONSTERS and kinds.get(one.id, one.kind) != one.kind]
        fallen.sort(key=lambda one: -one.tall)
        named = [(MONSTERS[one.kind], one.tall >= SEEN_TALL) for one in fallen[:count]]
        unseen = [("", False)] * (count - len(named))
        return [Happening(view.tic, "kill", *victim) for victim in (*named, *unseen)]

    def _notices(self, before: View, view: View) -> list[Happening]:
        found: list[Happening] = []
        deaths = []
        for notice in view.notices:
            item = NOTICES.get(notice)
            if item is not None:
                slot = SLOTS.get(item.name)
                spare = slot is not None and before.alive and before.variables[f"WEAPON{slot}"]
                found.append(Happening(view.tic, "spare" if spare else item.kind, item.name))
                if item.kind == "weapon":
                    self._settled_at = view.tic + SETTLE_TICS
                continue
            died = obituary(notice, self._players)
            if died is not None:
                deaths.append(died)
        return found + self._deaths(deaths, int(view.variables["FRAGCOUNT"] - before.variables["FRAGCOUNT"]), view.tic)

    def _deaths(self, deaths: list[tuple[str, str]], rise: int, tic: int) -> list[Happening]:
        """Deaths of players. A barrel's obituary names no killer; that FRAGCOUNT rose tells whose frag it was.

        Args:
            rise: of FRAGCOUNT since the last view; one's own hand takes one away.
        """
        own = self._player
        unclaimed = rise + sum(died == (own, "") for died in deaths) - sum(killer == own for _, killer in deaths)
        found = []
        for victim, killer in deaths:
            if victim == own:
                found.append(Happening(tic, "death", killer))
                continue
            if not killer and unclaimed > 0:
                unclaimed -= 1
                killer = own
            found.append(Happening(tic, "frag" if killer == own else "rivals", victim))
        return found

    def _weapon(self, before: View, view: View) -> list[Happening]:
        slot = int(view.variables["SELECTED_WEAPON"])
        changed = slot != int(before.variables["SELECTED_WEAPON"])
        if not changed or view.tic < self._settled_at or not view.alive or slot not in WEAPONS:
            return []
        return [Happening(view.tic, "switch", WEAPONS[slot])]

    def _health(self, view: View) -> list[Happening]:
        if not view.alive:
            return []
        found = []
        health = view.variables["HEALTH"]
        if health < LOW_HEALTH and not self._low:
            self._low = True
            found.append(Happening(view.tic, "low health"))
        if health >= RECOVERED_HEALTH:
            self._low = False
        return found
