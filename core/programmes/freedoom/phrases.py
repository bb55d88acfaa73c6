"""The commentator's phrases for Freedoom, and the words that may stand in them.

Slots: who, the victim, killer, weapon or item; a_who, the same with its article; me, the player watched; n, a count as
digits; nth, as a word; gun, the weapon in hand; rival and m, the best of the others and their frags.
"""

from __future__ import annotations

from core.programmes.freedoom.level import BOTS, PLAYERS
from core.programmes.freedoom.names import MONSTERS, NOTICES, WEAPONS
from core.programmes.phrasebook import ORDINALS, Phrasebook

PHRASES = {
    "frag": (
        "{Who} is gone.", "{Me} gets {who}!", "{Who} down, that's {n}.", "Frag number {n}, {who}.",
        "{Who} never saw it.", "And {who} is out.", "{Me} drops {who}.", "{Who} fragged.", "{Who} falls, {n} now.",
        "Got {who}!", "{Who} pays for that.", "That's {who} taken care of.", "{N} for {me}, {who} the victim.",
    ),
    "frag/nth": (
        "{Nth} frag, {who}.", "{Who} is the {nth} frag.", "{Me}'s {nth} frag: {who}.", "The {nth}, and it's {who}.",
    ),
    "frag/first-with": (
        "First frag with the {gun}, {who}.", "The {gun} pays off, {who} falls.",
        "{Who}, first frag since the {gun}.",
    ),
    "frag/again": (
        "{Who} again!", "{Who} falls once more.", "{Me} gets {who} again.", "Poor {who}, again.",
    ),
    "frag/level": (
        "{Who} down, level with {rival} at {n}.", "Level again at {n}, {who} falls.",
    ),
    "frag/lead": (
        "{Who} down, {me} leads {n} to {m}.", "{Me} takes the lead, {who} falls.",
    ),
    "frag/behind": (
        "{Who} down, {n} to {rival}'s {m}.", "{Who} falls, still behind at {n}.",
    ),
    "kill": (
        "{Who} down.", "Down goes the {who}.", "{A_who} drops, {n} now.", "{Who} dead, that's {n}.",
        "The {who} falls.", "That {who} is finished.", "{Me} takes out {a_who}.", "{N} kills, {a_who} this time.",
        "Kill {n}, {a_who}.", "{A_who} less.", "So much for the {who}.", "{Who} gone, {n} in all.",
        "{Me} cuts down {a_who}.", "The {who} won't get up.", "{Who} blown away.", "{Me} finishes the {who}.",
        "{Who} down, {n} so far.",
    ),
    "kill/nth": (
        "{Nth} kill, {a_who}.", "{A_who} is the {nth} kill.", "The {nth} kill, another {who}.",
        "{Who}, kill the {nth}.",
    ),
    "kill/first-with": (
        "First kill with the {gun}, {a_who}.", "The {gun} claims {a_who}.", "{Who}, first kill since the {gun}.",
    ),
    "kill/again": (
        "Another {who}.", "And another {who}.", "One more {who}, {n}.", "{Who} again, {n} now.",
        "Yet another {who} falls.",
    ),
    "kill/burst": (
        "{Who} too, {n}.", "{Who}, {n}.", "{A_who} too.", "{N}, {a_who}.", "{Who} as well.", "Then {a_who}.",
    ),
    "death": (
        "{Me} is dead.", "{Me} goes down!", "That's the end of {me}.", "{Me} dies.", "And {me} is down.",
        "{Me} didn't make it.", "Curtains for {me}.", "{Me} has fallen.",
    ),
    "death/by": (
        "{Who} kills {me}!", "{Me} falls to {a_who}.", "{A_who} gets {me}.", "{Me} killed by {a_who}.",
        "{A_who} was too much for {me}.",
    ),
    "death/by-player": (
        "{Who} kills {me}!", "{Who} gets the better of {me}.", "{Me} falls to {who}.", "{Me} killed by {who}.",
        "{Who} strikes, {me} is dead.",
    ),
    "death/again-by": (
        "{Who} again, {me} is dead.", "{Me} falls to {who} again.", "Once more {who} gets {me}.",
    ),
    "death/nth": (
        "{Me} dies, the {nth} time.", "{Nth} death for {me}.", "{Me} down for the {nth} time.",
    ),
    "weapon": (
        "{Me} grabs the {who}.", "Picks up the {who}.", "There's the {who}.", "Now with the {who}.",
        "A {who}, nice.", "{Me} has the {who}.", "{Who} acquired.", "The {who} is taken.", "{Me} finds {a_who}.",
        "Takes the {who} along.",
    ),
    "weapon/again": (
        "Another {who} picked up.", "The {who} back in hand.", "{Me} has {a_who} again.", "Gets the {who} back.",
    ),
    "switch": (
        "Over to the {who}.", "{Me} switches to the {who}.", "Out comes the {who}.", "Changes to the {who}.",
        "The {who} now.", "{Who} at the ready.", "{Me} draws the {who}.", "Swaps to the {who}.",
        "{Me} prefers the {who}.",
    ),
    "switch/back": (
        "Back to the {who}.", "The {who} once more.", "{Me} returns to the {who}.", "It's the {who} again.",
    ),
    "switch/empty": (
        "Out of ammo, down to {who}.", "Nothing left but {who}.", "Only the {who} left.",
    ),
    "health": (
        "{Me} patches up with {a_who}.", "{A_who}, feeling better.", "{Me} takes {a_who}.", "Health from {a_who}.",
        "{A_who}, some health for {me}.", "{A_who} helps.", "{Me} heals up, {a_who}.", "Good, {a_who}.",
        "{A_who} just there.",
    ),
    "health/full": (
        "Back to full health, {a_who}.", "Full health again, thanks to {a_who}.", "{A_who}, full health.",
        "{A_who}, and {me} is at full health.", "Fully healed by {a_who}.",
    ),
    "health/needed": (
        "{Me} badly needed {a_who}.", "Saved by {a_who}.", "Just in time, {a_who}.",
    ),
    "armour": (
        "{Me} puts on {a_who}.", "{Who} on.", "Armour up, {a_who}.", "Better protected, {a_who}.",
        "{A_who} for {me}.", "{Me} gets {a_who}.", "Fresh armour, {a_who}.",
    ),
    "power-up": (
        "{Who}!", "{Me} gets the {who}!", "The {who}, big one.", "{Who} for {me}.", "{Me} with the {who} now.",
        "That's the {who}.",
    ),
    "low health": (
        "{Me} is in trouble.", "Low health now.", "{Me} is hurt badly.", "Careful, {me}!", "Health is critical.",
        "Not much health left.", "{Me} on the brink.", "{Me} is barely alive.",
    ),
    "level": (
        "A new level.", "On to the next level.", "Next level, fresh start.", "New level, everything at nothing.",
        "And a new level begins.", "Different level now.",
    ),
}  # fmt: skip

KEYWORDS = {
    "death": rf"(?:kills|gets|of|for) (?:{'|'.join(PLAYERS)})|(?:{'|'.join(PLAYERS)}) (?:is dead|dies|is down|falls)",
    "level": r"levels?",
    "low health": r"trouble|low health|critical|brink|barely|careful",
    "frag": rf"frags?|fragged|(?:{'|'.join(BOTS)}) (?:is )?(?:down|gone|out|falls|again)",
    "kill": r"kills?|dead|down|falls|drops|finished|finishes|another",
    "health": r"health|heals?|healed|patches",
    "armour": r"armour|vest",
    "switch": r"switches|over to|back to|out comes|changes|swaps|draws",
    "weapon": r"grabs|picks up|acquired|finds|has the|takes",
}
ITEMS = [item.name for item in NOTICES.values() if item.kind != "ammo"]
WHO = sorted({*MONSTERS.values(), *ITEMS, *WEAPONS.values(), *BOTS, "ripsaw"}, key=len, reverse=True)
GUNS = "|".join(sorted({*WEAPONS.values(), "double-barrelled shotgun", "ripsaw"}, key=len, reverse=True))
NAMES = "|".join(WHO)
BOOK = Phrasebook(
    PHRASES,
    {
        "who": NAMES, "a_who": rf"an? (?:{NAMES})|(?:some )?(?:{NAMES})", "me": "|".join(PLAYERS), "n": r"-?\d+",
        "m": r"-?\d+", "nth": "|".join(ORDINALS), "gun": GUNS, "rival": "|".join(BOTS),
    },
    KEYWORDS,
    "who",
)  # fmt: skip
