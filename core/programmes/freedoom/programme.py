"""Freedoom as a programme: a real game, played anew for every seed, with what the game itself knows about it.

A seed is a deathmatch against ViZDoom's own players or a walk through levels with monsters. ViZDoom (MIT) and Freedoom
(BSD), which its wheel brings, come with the extra `train`.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence

import numpy as np
from PIL import Image

from core.programmes.freedoom.commentator import ITEM_KINDS, ORDER, Commentator, Told
from core.programmes.freedoom.game import resolution
from core.programmes.freedoom.level import BOTS, levels
from core.programmes.freedoom.names import MONSTERS
from core.programmes.freedoom.phrases import BOOK
from core.programmes.freedoom.recorder import Moment, Recorder
from core.programmes.phrasebook import Reading
from core.programmes.programme import EARLY_S, Event, Mention, Programme, in_round
from core.programmes.question import Question

SIZE = (640, 360)
KEEP_S = 120.0
FACTS = ("count", "weapon", "health")
VICTIMS = {**dict.fromkeys(BOTS, "frag"), **dict.fromkeys(MONSTERS.values(), "kill")}


class Freedoom:
    """One run. See `core.programmes.programme.Episode`.

    Args:
        size: width and height of the pictures; drawn at the next size that ViZDoom has and reduced.
    """

    def __init__(self, seed: int, size: tuple[int, int] = SIZE) -> None:
        self._size = size
        self._recorder = Recorder(levels(seed), resolution(*size))
        self._commentator = Commentator(seed)
        self._moments: deque[Moment] = deque()
        self._told: deque[Told] = deque()
        first = self._recorder.level
        self._context = context_of(first.player, first.bots)

    @property
    def context(self) -> str:
        return self._context

    def frame(self, time_s: float) -> np.ndarray:
        self._reach(time_s)
        picture = self._recorder.picture
        width, height = self._size
        if picture.shape[:2] == (height, width):
            return np.ascontiguousarray(picture)
        reduced = Image.fromarray(picture).resize((width, height), Image.Resampling.BOX)
        return np.asarray(reduced).copy()

    def events(self, start_s: float, end_s: float) -> Sequence[Event]:
        self._reach(end_s)
        return [told.event for told in self._told if start_s < told.event.time <= end_s]

    def line(self, start_s: float) -> str:
        self._reach(start_s + EARLY_S)
        return " ".join(told.sentence for told in self._told if in_round(told.event.time, start_s))

    def mentions(self, text: str) -> Sequence[Mention]:
        return [mention_of(reading) for reading in BOOK.read(text)]

    def moments(self, start_s: float, end_s: float) -> Sequence[Moment]:
        """All that happened with start_s < time <= end_s, told or not, of the last KEEP_S."""
        self._reach(end_s)
        return [moment for moment in self._moments if start_s < moment.time <= end_s]

    def questions(self, time_s: float) -> Sequence[Question]:
        """What could be asked at a time, with the answers that are true then."""
        self._reach(time_s)
        return _questions(self._commentator, self._recorder, [told.event for told in self._told], time_s)

    def close(self) -> None:
        self._recorder.close()

    def _reach(self, time_s: float) -> None:
        for moment in self._recorder.advance(time_s):
            self._moments.append(moment)
            self._told.extend(self._commentator.tell(moment, self._recorder.level))
        oldest = self._recorder.time - KEEP_S
        while self._moments and self._moments[0].time < oldest:
            self._moments.popleft()
        while self._told and self._told[0].event.time < oldest:
            self._told.popleft()


def context_of(player: str, bots: tuple[str, ...]) -> str:
    """What a viewer is told of a run."""
    if not bots:
        return f"This is Freedoom, a game. We watch {player} fight monsters, level by level."
    others = f"{', '.join(bots[:-1])} and {bots[-1]}"
    return f"This is Freedoom, a deathmatch. We watch {player} against {others}."


def mention_of(reading: Reading) -> Mention:
    """What a sentence says, with the names and kinds of this programme."""
    who = reading.slots.get("who") or reading.slots.get("a_who", "")
    who = _bare(who)
    kind = reading.kind
    if kind in ("frag", "kill"):
        kind = VICTIMS.get(who, kind)
    elif kind in ("weapon", "health", "armour", "power-up"):
        kind = ITEM_KINDS.get(who, kind)
    facts = {}
    if "n" in reading.slots and kind in ("frag", "kill"):
        facts["count"] = reading.slots["n"]
    if kind == "switch" and who:
        facts["weapon"] = who
    if kind == "low health":
        facts["health"] = "low"
    return Mention(kind, who, facts)


def _bare(words: str) -> str:
    """A name as events have it, from one with an article or a capital."""
    for article in ("a ", "an ", "some "):
        if words.lower().startswith(article):
            words = words[len(article) :]
            break
    known = {name.lower(): name for name in (*VICTIMS, *ITEM_KINDS)}
    return known.get(words.lower(), words.lower())


def _questions(commentator: Commentator, recorder: Recorder, told: list[Event], time_s: float) -> list[Question]:
    level = recorder.level
    kills = "frags" if level.bots else "kills"
    held = commentator.facts()
    missed = [event for event in told if time_s - 60.0 < event.time <= time_s]
    return [
        Question(time_s, f"How many {kills}?", f"{level.player} has {held['count']} {kills}."),
        Question(time_s, "What weapon?", f"The {held['weapon']}."),
        Question(time_s, "How is the health?", f"Health is {held['health']}."),
        Question(time_s, "What did I miss?", _summary(missed)),
    ]


def _summary(missed: list[Event]) -> str:
    """The last minute in a few words."""
    words = {"frag": "frag", "kill": "kill", "death": "death", "weapon": "new weapon"}
    counts = {kind: sum(event.kind == kind for event in missed) for kind in words}
    parts = [f"{n} {words[kind]}{'s' if n > 1 else ''}" for kind, n in counts.items() if n]
    return f"In the last minute: {', '.join(parts)}." if parts else "Not much in the last minute."


def start(seed: int, facts_shown: bool = True) -> Freedoom:
    """Begin a run; its status bar is always there."""
    return Freedoom(seed)


PROGRAMME = Programme("freedoom", ORDER, FACTS, start)
