"""What Freedoom calls things: the game's own names for its monsters, weapons and items, and what its notices say."""

from __future__ import annotations

import re
from typing import Literal, NamedTuple

MONSTERS = {
    "Zombieman": "zombie",
    "ShotgunGuy": "shotgun zombie",
    "ChaingunGuy": "minigun zombie",
    "MarineChainsawVzd": "ripsaw marine",
    "DoomImp": "serpentipede",
    "Demon": "flesh worm",
    "Spectre": "stealth worm",
    "LostSoul": "hatchling",
    "Cacodemon": "trilobite",
    "HellKnight": "pain bringer",
    "BaronOfHell": "pain lord",
    "Arachnotron": "technospider",
    "Fatso": "combat slug",
    "Revenant": "octaminator",
    "PainElemental": "matribite",
    "Archvile": "necromancer",
    "SpiderMastermind": "large technospider",
    "Cyberdemon": "assault tripod",
    "WolfensteinSS": "sailor",
}
"""ViZDoom's names of kinds of monsters, and Freedoom's."""

WEAPONS = {
    1: "fists",
    2: "handgun",
    3: "shotgun",
    4: "minigun",
    5: "missile launcher",
    6: "energy rifle",
    7: "SKAG",
}
"""By the slot that SELECTED_WEAPON tells. Slot 1 holds the ripsaw, too, and slot 3 the double-barrelled shotgun."""

WEAPON_ITEMS = {
    "Shotgun": 3, "SuperShotgun": 3, "Chaingun": 4, "RocketLauncher": 5, "PlasmaRifle": 6, "BFG9000": 7, "Chainsaw": 1,
}  # fmt: skip
HEALTH_ITEMS = ("Medikit", "Stimpack", "HealthBonus", "Soulsphere", "Megasphere", "Berserk")
ARMOUR_ITEMS = ("GreenArmor", "BlueArmor", "ArmorBonus", "Megasphere")
AMMO_ITEMS = ("Clip", "ClipBox", "Shell", "ShellBox", "RocketAmmo", "RocketBox", "Cell", "CellPack", "Backpack")
ITEMS = frozenset((*WEAPON_ITEMS, *HEALTH_ITEMS, *ARMOUR_ITEMS, *AMMO_ITEMS))

PickUp = Literal["health", "armour", "ammo", "weapon", "power-up"]


class Item(NamedTuple):
    """What a notice says was picked up, and how people call it."""

    kind: PickUp
    name: str


NOTICES: dict[str, Item] = {
    "Took a health refill.": Item("health", "health refill"),
    "Took a large health refill.": Item("health", "large health refill"),
    "Took a large health refill. Never give up!": Item("health", "large health refill"),
    "Health boosted!": Item("health", "health bonus"),
    "Ectoplasmic surge!": Item("power-up", "ectoplasmic surge"),
    "Negentropic surge!": Item("power-up", "negentropic surge"),
    "Armor boosted!": Item("armour", "armour bonus"),
    "Put on a force field vest.": Item("armour", "force field vest"),
    "Put on the attuned force field armor!": Item("armour", "heavy armour"),
    "Picked up some bullets.": Item("ammo", "bullets"),
    "Picked up a case of bullets.": Item("ammo", "case of bullets"),
    "Picked up some shotgun shells.": Item("ammo", "shells"),
    "Picked up a box of shotgun shells.": Item("ammo", "box of shells"),
    "Picked up a missile.": Item("ammo", "missile"),
    "Picked up a crate of missiles.": Item("ammo", "crate of missiles"),
    "Picked up an energy recharge.": Item("ammo", "energy recharge"),
    "Picked up a large energy recharge.": Item("ammo", "large energy recharge"),
    "A backpack for all your ammo storage needs!": Item("ammo", "backpack"),
    "Got the pump-action shotgun!": Item("weapon", "shotgun"),
    "Got the double-barrelled shotgun!": Item("weapon", "double-barrelled shotgun"),
    "Got the minigun!": Item("weapon", "minigun"),
    "Got the missile launcher!": Item("weapon", "missile launcher"),
    "Got the polaric energy weapon!": Item("weapon", "energy rifle"),
    "Got the SKAG 1337... time to kick some ass!": Item("weapon", "SKAG"),
    "Got the ripsaw!": Item("weapon", "ripsaw"),
    "Smash them to pieces!": Item("power-up", "berserk pack"),
    "Invisibility!": Item("power-up", "invisibility"),
    "Vanguard of the gods!": Item("power-up", "invulnerability"),
    "Area survey map.": Item("power-up", "area map"),
    "Low-light goggles.": Item("power-up", "goggles"),
    "Rescue operations suit.": Item("power-up", "rescue suit"),
}
"""Freedoom's notices (its DEHACKED lump) word for word."""

KILLED_BY_PLAYER = re.compile(
    r"(?P<victim>\S+) (?:was \w+(?: up)? by|had \w+ ass kicked by|couldn't (?:hide from|dodge)|stood where) "
    r"(?P<killer>[^'\s.]+)(?:'s .+|\.| was teleporting\.)$"
)


def obituary(notice: str, players: tuple[str, ...]) -> tuple[str, str] | None:
    """(victim, killer) of a notice about a player's death; the killer "" when it was nobody else.

    Args:
        players: the names there are; None for a notice that is not about one of them.
    """
    victim = notice.split(" ", 1)[0]
    if victim not in players or notice.endswith(("joined the game", "left the game")):
        return None
    by_player = KILLED_BY_PLAYER.match(notice)
    if by_player and by_player["killer"] in players:
        return victim, by_player["killer"]
    for monster in sorted(MONSTERS.values(), key=len, reverse=True):
        if re.search(rf"\b{monster}\b", notice):
            return victim, monster
    return victim, "trilobite" if "trilo-bitten" in notice else ""
