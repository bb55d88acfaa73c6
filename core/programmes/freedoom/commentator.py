"""Chooses what is worth telling of a recording, and tells it with what it remembers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from random import Random

from core.programmes.freedoom.happening import Happening
from core.programmes.freedoom.level import BOTS, Level
from core.programmes.freedoom.names import NOTICES, WEAPONS
from core.programmes.freedoom.phrases import BOOK
from core.programmes.freedoom.recorder import Moment
from core.programmes.phrasebook import Teller, ordinal, with_article
from core.programmes.programme import Event

UNTOLD = frozenset((
    "health bonus", "armour bonus", "area map", "goggles",
))  # fmt: skip
"""What is picked up too often to be worth a word."""

ORDER = (
    "level",
    "death",
    "frag",
    "kill",
    "low health",
    "power-up",
    "weapon",
    "health",
    "armour",
    "switch",
)
"""Kinds of events; of what happens at once, the first ones are told."""

SHOWN_AFTER_S = 0.2  # until a fall or a weapon that is raised is plain to see; an event's time is when it is

BUSY_S = 1.0
MAX_WHEN_BUSY = 2  # sentences within BUSY_S: a line has room for no more
LESSER = frozenset(("health", "armour", "switch"))
REST_S = 8.0  # after a sentence, before a lesser event is worth another
NEEDED_HEALTH = 35.0  # below it, that is said
NEEDY_HEALTH = 60.0  # below it, health is worth a word
BURST_S = 8.0  # kills that follow each other faster are told in two words
AGAIN_S = 45.0  # after which the same kind of victim is nothing to remark on
ITEM_KINDS = {item.name: item.kind for item in NOTICES.values()}
MASS = frozenset(("heavy armour", "fists", "invisibility", "invulnerability"))  # words without an article


@dataclass(frozen=True, slots=True)
class Told:
    """An event and the sentence that tells it."""

    event: Event
    sentence: str


class Commentator:
    """Follows one recording from its beginning.

    Attributes:
        count: frags in a deathmatch, else the monsters that were seen to fall and told, of this level.
        weapon: in hand, by name. health: "low", "fair" or "full".
    """

    def __init__(self, seed: int) -> None:
        self.count = 0
        self.weapon = WEAPONS[2]
        self.health = "full"
        self._teller = Teller(BOOK, Random(f"commentator {seed}"))
        self._told_at: list[float] = []
        self._spoke_at = -REST_S
        self._killed_at = -BURST_S
        self._last: dict[tuple[str, str], float] = {}
        self._health_before = 100.0
        self._health_now = 100.0
        self._with = {self.weapon}
        self._deaths = 0
        self._lead = 0

    def facts(self) -> dict[str, str]:
        """What holds now."""
        return {"count": str(self.count), "weapon": self.weapon, "health": self.health}

    def tell(self, moment: Moment, level: Level) -> list[Told]:
        """What is told of a moment."""
        told = []
        self._notice(moment)
        wanted = [one for one in moment.happenings if one.kind in ORDER and one.seen and one.who not in UNTOLD]
        left = sum(one.kind == "frag" for one in wanted)
        for one in sorted(wanted, key=lambda one: ORDER.index(one.kind)):
            if one.kind in LESSER and self._passed_over(one, moment):
                continue
            left -= one.kind == "frag"
            if level.bots:
                self.count = moment.frags[0] - left
            told += self._told(one, moment, level)
        if level.bots:
            self.count = moment.frags[0]
        return told

    def _notice(self, moment: Moment) -> None:
        self.weapon = WEAPONS.get(moment.weapon, self.weapon)
        self.health = "low" if moment.health < 30 else "full" if moment.health >= 100 else "fair"
        self._health_before = self._health_now
        self._health_now = moment.health
        self._told_at = [at for at in self._told_at if moment.time - at < BUSY_S]

    def _passed_over(self, one: Happening, moment: Moment) -> bool:
        """Whether a lesser event is not worth a word now."""
        if one.kind == "health" and self._health_before >= NEEDY_HEALTH:
            return True
        return moment.time - self._spoke_at < REST_S

    def _told(self, one: Happening, moment: Moment, level: Level) -> list[Told]:
        """[] where there is no room, or no fresh sentence."""
        if one.kind == "level":
            self._start_level()
        room = len(self._told_at) < MAX_WHEN_BUSY
        self.count += room and one.kind == "kill"
        moods = self._moods(one, moment)
        if one.kind != "death" or not one.who:  # the plain phrases of a death name nobody
            moods.append(one.kind)
        self._remember(one, moment)
        if not room:
            return []
        sentence = self._teller.say(moods, self._slots(one, moment, level), moment.time)
        if not sentence:
            return []
        self._told_at.append(moment.time)
        self._spoke_at = moment.time
        return [Told(Event(moment.time + SHOWN_AFTER_S, one.kind, one.who, self.facts()), sentence)]

    def _start_level(self) -> None:
        self.count = 0
        self._deaths = 0
        self._lead = 0
        self._with = {WEAPONS[2]}

    def _remember(self, one: Happening, moment: Moment) -> None:
        self._last[one.kind, one.who] = moment.time
        if one.kind in ("kill", "frag"):
            self._with.add(self.weapon)
            self._killed_at = moment.time
        if one.kind == "weapon":
            self._with.discard(_gun(one.who))
        self._lead = _sign(moment.frags)

    def _moods(self, one: Happening, moment: Moment) -> list[str]:
        """The moods that fit, those that need memory first."""
        if one.kind == "death":
            self._deaths += 1
        fitting = {
            "frag": self._moods_of_frag,
            "kill": self._moods_of_kill,
            "death": self._moods_of_death,
            "weapon": self._moods_of_weapon,
            "switch": self._moods_of_switch,
            "health": self._moods_of_health,
        }.get(one.kind)
        moods = fitting(one, moment) if fitting else []
        return [f"{one.kind}/{mood}" for mood in moods]

    def _moods_of_frag(self, one: Happening, moment: Moment) -> list[str]:
        lead = _sign(moment.frags)
        if lead != self._lead:
            return ["level"] if lead == 0 else ["lead"] if lead > 0 else ["behind"]
        moods = [] if self.weapon in self._with else ["first-with"]
        moods += ["again"] if self._recent(one, moment) else []
        return [*moods, *(["behind"] if lead < 0 and self.count % 2 else []), *(["nth"] if self.count % 3 == 0 else [])]

    def _moods_of_kill(self, one: Happening, moment: Moment) -> list[str]:
        if moment.time - self._killed_at < BURST_S:
            return ["burst"]
        moods = [] if self.weapon in self._with else ["first-with"]
        moods += ["again"] if self._recent(one, moment) and self.count % 2 else []
        return [*moods, *(["nth"] if self.count % 3 == 0 else [])]

    def _moods_of_death(self, one: Happening, moment: Moment) -> list[str]:
        if not one.who:
            return [] if self._deaths % 3 else ["nth"]
        by = "by-player" if one.who in BOTS else "by"
        return ["again-by", by] if self._recent(one, moment) else [by]

    def _moods_of_weapon(self, one: Happening, moment: Moment) -> list[str]:
        return ["again"] if ("weapon", one.who) in self._last else []

    def _moods_of_switch(self, one: Happening, moment: Moment) -> list[str]:
        if one.who == WEAPONS[1]:
            return ["empty"]
        return ["back"] if self._recent(one, moment) else []

    def _moods_of_health(self, one: Happening, moment: Moment) -> list[str]:
        if self.health == "full":
            return ["full"]
        return ["needed"] if self._health_before < NEEDED_HEALTH else []

    def _recent(self, one: Happening, moment: Moment) -> bool:
        return moment.time - self._last.get((one.kind, one.who), -AGAIN_S) < AGAIN_S

    def _slots(self, one: Happening, moment: Moment, level: Level) -> dict[str, str]:
        slots = {"me": level.player, "n": str(self.count), "gun": self.weapon}
        if one.who:
            slots["who"] = one.who
            slots["a_who"] = one.who if one.who in MASS or one.who in BOTS else with_article(one.who)
        nth = ordinal(self._deaths if one.kind == "death" else self.count)
        if nth:
            slots["nth"] = nth
        if level.bots:
            best = max(range(1, len(moment.frags)), key=lambda number: moment.frags[number])
            if level.bots[best - 1] != one.who:
                slots["rival"] = level.bots[best - 1]
                slots["m"] = str(moment.frags[best])
        return slots


def _sign(frags: Sequence[int]) -> int:
    """1 when the first leads, 0 when level with the best of the others, -1 when behind; 0 without others."""
    best = max(frags[1:], default=frags[0])
    return (frags[0] > best) - (frags[0] < best)


def _gun(name: str) -> str:
    """A weapon picked up as it is called in the hand."""
    return "shotgun" if name == "double-barrelled shotgun" else "fists" if name == "ripsaw" else name
