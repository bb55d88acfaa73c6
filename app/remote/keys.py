"""Which keys steer Courtside while another program has the keyboard, as the settings name them. No Qt, no X11."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from app.remote.actions import checked
from core.errors import UsageError

DEFAULT_KEYS: dict[str, str] = {
    "pause": "Ctrl+Alt+P",
    "resume": "Ctrl+Alt+R",
    "show": "Ctrl+Alt+S",
    "hide": "Ctrl+Alt+H",
    "panic": "Ctrl+Alt+X",
}
"""On and off are keys of their own, so that one is sure of the outcome without looking."""
MODIFIERS = {"ctrl": "Ctrl", "control": "Ctrl", "alt": "Alt", "shift": "Shift", "super": "Super", "win": "Super"}
HOLDING = {"Ctrl", "Alt", "Super"}
"""At least one of these is held: what is written or played with bare keys stays with the program in front."""
KEYSYM_NAMES = {
    "+": "plus",
    "-": "minus",
    ",": "comma",
    ".": "period",
    "/": "slash",
    "Space": "space",
    "PageUp": "Prior",
    "PageDown": "Next",
    "Enter": "Return",
    "Esc": "Escape",
    "Del": "Delete",
    "Ins": "Insert",
}
"""Keys that X11 and xkbcommon, thus also Wayland's portal, call otherwise."""


@dataclass(frozen=True, slots=True)
class Combination:
    """Modifiers held while a key is pressed.

    Attributes:
        modifiers: of "Ctrl", "Alt", "Shift", "Super". key: its name without them, as written: "P", "F5", "Left".
    """

    modifiers: frozenset[str]
    key: str

    def __str__(self) -> str:
        held = [name for name in ("Ctrl", "Alt", "Shift", "Super") if name in self.modifiers]
        return "+".join([*held, self.key])


def parse_combination(text: str) -> Combination:
    """Ctrl+Alt+P and the like. Raises UsageError for what is none, and for bare keys."""
    *held, key = (part.strip() for part in text.split("+"))
    unknown = [name for name in held if name.lower() not in MODIFIERS]
    if unknown or not key:
        raise UsageError("Unknown keys", f"“{text}” is not like Ctrl+Alt+P (Ctrl, Alt, Shift, Super and one key)")
    modifiers = frozenset(MODIFIERS[name.lower()] for name in held)
    if not modifiers & HOLDING:
        raise UsageError(
            "Key without a modifier", f"“{text}” would be taken from every other program; add Ctrl, Alt or Super"
        )
    return Combination(modifiers, key.upper() if len(key) == 1 else key)


def chosen_keys(settings: Mapping[str, str]) -> tuple[dict[Combination, str], list[str]]:
    """What each combination does, and one line for each that cannot be used.

    `settings`: an action of `app.remote.actions`, with its text if it takes one, and its keys; "" is none. Those not
    named have their defaults.
    """
    keys: dict[Combination, str] = {}
    wrong = []
    for action, text in {**DEFAULT_KEYS, **settings}.items():
        if not text:
            continue
        try:
            name, _, rest = action.partition(" ")
            checked(name, rest)
            combination = parse_combination(text)
        except UsageError as error:
            wrong.append(f"key for “{action}”: {error.message}")
            continue
        if combination in keys:
            wrong.append(f"key for “{action}”: {combination} is that of “{keys[combination]}” already")
        else:
            keys[combination] = action
    return keys, wrong
