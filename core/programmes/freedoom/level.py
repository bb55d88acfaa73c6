"""Which levels are played, and how."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import Literal

Rules = Literal["deathmatch", "monsters"]

BOTS = (
    "Anderson",
    "Blazkowicz",
    "Bond",
    "Conan",
    "Leone",
    "MacGyver",
    "Machete",
    "McClane",
    "Plissken",
    "Rambo",
    "Ripley",
)
"""Names that ViZDoom's own computer players have: its `bots.cfg`."""

PLAYERS = """
    Ada Boris Cleo Dmitri Esme Felix Greta Hugo Iris Jonas Kira Leon Mina Nils Odette Pavel Quentin Rosa
    Stefan Thea Ulla Viktor Wanda Xenia Yorick Zora
""".split()  # noqa: SIM905 (quotes read worse)

DUEL_MAPS = ("cig:map01", "cig:map01", "cig:map02", "freedoom2:map01")
MONSTER_MAPS = (
    *(f"freedoom2:map{number:02}" for number in (1, 10, 12)),
    *(f"freedoom1:e2m{number}" for number in (2, 3, 4, 7)),
    "freedoom1:e3m8",
)
"""Those with light and something to tell: the others are dark or empty, or end in a crowd."""


@dataclass(frozen=True, slots=True)
class Level:
    """One level as it is played.

    Attributes:
        rules: against other players ("deathmatch") or against what lives there ("monsters").
        wad: "freedoom1" or "freedoom2" with their own maps, or a scenario of ViZDoom's on top of freedoom2.
        map: its name in that file. skill: 1 (few monsters) to 5.
        player: the name of whom we watch. bots: names of the other players.
        seconds: play left before the next level at the latest.
        seed: of the game's own chances.
    """

    rules: Rules
    wad: str
    map: str
    skill: int
    player: str
    bots: tuple[str, ...]
    seconds: float
    seed: int


def levels(seed: int) -> Iterator[Level]:
    """The levels of one programme, endless: the rules and the player stay, maps change."""
    rng = Random(f"freedoom {seed}")
    rules: Rules = rng.choice(("deathmatch", "monsters"))
    player = rng.choice(PLAYERS)
    bots = tuple(sorted(rng.sample(BOTS, rng.randint(2, 3)))) if rules == "deathmatch" else ()
    while True:
        wad, _, name = rng.choice(DUEL_MAPS if bots else MONSTER_MAPS).partition(":")
        skill = rng.choice((1, 1, 1, 2))
        yield Level(rules, wad, name, skill, player, bots, rng.uniform(120.0, 300.0), rng.randrange(1, 1 << 30))
