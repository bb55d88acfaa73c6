"""Which windows of other programs must never be watched. No Qt."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fnmatch import fnmatchcase

PRIVATE_TITLES = (
    "Private Browsing",  # Firefox and Safari
    "Privater Modus",
    "Privates Fenster",
    "Privates Surfen",
    "Incognito",  # Chromium says so on a new tab alone: see --incognito
    "Inkognito",
    "InPrivate",  # Edge
    "KeePassXC",
    "KeePass",
    "Bitwarden",
    "1Password",
    "pass show",
    "pass edit",
)
PRIVATE_CLASSES = (
    "keepass*",
    "bitwarden",
    "1password",
    "qtpass",
    "org.gnome.seahorse*",
    "enpass",
    "dashlane",
    "proton pass",
    "pinentry*",
    "polkit-*",
)
PRIVATE_PROGRAMS = (
    "keepass*",
    "bitwarden*",
    "1password*",
    "qtpass",
    "pinentry*",
    "--incognito",
    "--inprivate",
    "i3lock*",
    "xlock*",
    "slock",
    "swaylock*",
    "xsecurelock",
    "xscreensaver*",
    "light-locker",
    "*screensaver*",
    "kscreenlocker*",
    "physlock",
)


@dataclass(frozen=True, slots=True)
class WindowIdentity:
    """What a window tells of itself.

    Attributes:
        titles: its own and those of the windows it belongs to.
        classes: both parts of its WM_CLASS.
        programs: names of the program that shows it, and the options that it was started with.
    """

    titles: tuple[str, ...] = ()
    classes: tuple[str, ...] = ()
    programs: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class IgnoreList:
    """Patterns without regard to case. A title holds one of them, or matches it where it has a `*`; the others match
    whole.

    Attributes:
        titles, classes, programs: patterns. The last: name of the executable, or an option it was started with.
    """

    titles: tuple[str, ...] = PRIVATE_TITLES
    classes: tuple[str, ...] = PRIVATE_CLASSES
    programs: tuple[str, ...] = PRIVATE_PROGRAMS

    def matches(self, window: WindowIdentity) -> bool:
        """Whether that window must not be watched."""
        held = [pattern if "*" in pattern else f"*{pattern}*" for pattern in self.titles if pattern.strip()]
        return (
            _any_matches(held, window.titles)
            or _any_matches(self.classes, window.classes)
            or _any_matches(self.programs, window.programs)
        )


def _any_matches(patterns: Sequence[str], names: Sequence[str]) -> bool:
    folded = [name.casefold() for name in names]
    return any(fnmatchcase(name, _literal(pattern)) for pattern in patterns for name in folded)


def _literal(pattern: str) -> str:
    """Of what fnmatch knows only `*` is special: a title may well have brackets and question marks."""
    return pattern.casefold().replace("[", "[[]").replace("?", "[?]")
