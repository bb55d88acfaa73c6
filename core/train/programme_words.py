"""Texts of the programmes beside football, from which the tokenizer learns their words."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from random import Random

from core.programmes.desktop import phrases as desktop
from core.programmes.desktop.act import COPIES, JOBS, PROGRAMS, SIDES
from core.programmes.desktop.theme import USERS
from core.programmes.freedoom import phrases as freedoom
from core.programmes.freedoom.level import BOTS, PLAYERS
from core.programmes.freedoom.names import WEAPONS
from core.programmes.phrasebook import ORDINALS, SLOT, filled, with_article

FILLED = 12  # times each phrase is written, with other words in its slots
NAME_REPEATS = 12
CONTEXTS = (
    "This is Freedoom, a game. We watch Ada fight monsters, level by level.",
    "This is Freedoom, a deathmatch. We watch Ada against Bond and Rambo.",
    "This is a computer screen. Anna is at work.",
)
Slots = Mapping[str, Sequence[str]]


def corpus(seed: int = 0) -> Iterator[str]:
    """Each phrase a number of times, each as an answer is written: with a space in front."""
    rng = Random(f"words {seed}")
    guns = tuple(WEAPONS.values())
    game: Slots = {
        "who": freedoom.WHO, "a_who": [with_article(name) for name in freedoom.WHO], "me": PLAYERS, "n": ("1", "2"),
        "m": ("1", "2"), "nth": ORDINALS, "gun": guns, "rival": BOTS,
    }  # fmt: skip
    screen: Slots = {
        "who": (*PROGRAMS, *JOBS, *COPIES, *SIDES), "me": USERS, "n": ("1", "2"), "nth": ORDINALS,
    }  # fmt: skip
    for context in CONTEXTS:
        yield from [context] * FILLED
    for phrases, slots in ((freedoom.PHRASES, game), (desktop.PHRASES, screen)):
        for words in slots.values():
            yield from (f" {word}" for word in words for _ in range(NAME_REPEATS))
        for phrase in (phrase for all_ in phrases.values() for phrase in all_):
            for _ in range(FILLED):
                yield f" {_written(phrase, {name: rng.choice(list(words)) for name, words in slots.items()})}"


def _written(phrase: str, slots: Mapping[str, str]) -> str:
    return SLOT.sub(lambda slot: filled(slot.group(1), slots), phrase)
