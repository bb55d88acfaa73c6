"""The one table of colours: a role, and what it is in each of the four looks. No Qt.

Text of any role keeps a contrast of 4.5:1 on every ground that it stands on (`TEXT_ON`, by WCAG 2.2, 1.4.3); the three
levels differ for the colour-blind, too, and never stand without a word or a shape of their own.
"""

from __future__ import annotations

from enum import IntEnum, StrEnum


class Look(IntEnum):
    """A column of the table."""

    DARK = 0
    LIGHT = 1
    DARK_CONTRAST = 2
    LIGHT_CONTRAST = 3


class Role(StrEnum):
    """What a colour is for."""

    GROUND = "ground"  # the window
    CARD = "card"  # a surface on it
    RAISED = "raised"  # a control on a surface
    HOVER = "hover"  # a control under the pointer, a row that is selected
    PICTURE = "picture"  # below the live picture
    SHADE = "shade"  # over a screen on which a region is drawn
    EDGE = "edge"  # hairlines
    EDGE_HOVER = "edge_hover"
    HANDLE = "handle"  # of a scroll bar
    HANDLE_HOVER = "handle_hover"
    TEXT = "text"
    MUTED = "muted"
    FAINT = "faint"
    ACCENT = "accent"
    ACCENT_HOVER = "accent_hover"
    ACCENT_INK = "accent_ink"  # text on the accent
    ALARM = "alarm"
    ALARM_GROUND = "alarm_ground"
    ALARM_EDGE = "alarm_edge"
    ALARM_TEXT = "alarm_text"
    GOOD = "good"  # the levels
    FAIR = "fair"
    POOR = "poor"
    MARK = "mark"  # what a person added to a recording
    NOTE = "note"


TABLE: dict[Role, tuple[str, str, str, str]] = {
    Role.GROUND: ("#0e1014", "#f4f5f8", "#000000", "#ffffff"),
    Role.CARD: ("#16191f", "#ffffff", "#000000", "#ffffff"),
    Role.RAISED: ("#20242c", "#eef0f4", "#000000", "#ffffff"),
    Role.HOVER: ("#292e38", "#e2e5ec", "#262626", "#e6e6e6"),
    Role.PICTURE: ("#07080a", "#e6e9ef", "#000000", "#ffffff"),
    Role.SHADE: ("#000000", "#000000", "#000000", "#000000"),
    Role.EDGE: ("#272c35", "#d3d8e0", "#ffffff", "#000000"),
    Role.EDGE_HOVER: ("#3a414e", "#a3abb9", "#ffffff", "#000000"),
    Role.HANDLE: ("#4c5463", "#a3abb9", "#ffffff", "#000000"),
    Role.HANDLE_HOVER: ("#667084", "#7a8394", "#ffffff", "#000000"),
    Role.TEXT: ("#eceef2", "#171a20", "#ffffff", "#000000"),
    Role.MUTED: ("#a3abb9", "#4a5261", "#ffffff", "#000000"),
    Role.FAINT: ("#939bab", "#596171", "#d6d6d6", "#303030"),
    Role.ACCENT: ("#ff8a3d", "#a04408", "#ffb27a", "#7a3200"),
    Role.ACCENT_HOVER: ("#ff9d5c", "#8a3a06", "#ffc79b", "#5c2600"),
    Role.ACCENT_INK: ("#1d0f04", "#ffffff", "#000000", "#ffffff"),
    Role.ALARM: ("#ff7373", "#a8221b", "#ff9c9c", "#8f0000"),
    Role.ALARM_GROUND: ("#2a1719", "#fdeceb", "#000000", "#ffffff"),
    Role.ALARM_EDGE: ("#57282c", "#efb9b5", "#ff9c9c", "#8f0000"),
    Role.ALARM_TEXT: ("#e6cfd0", "#5c1a16", "#ffffff", "#000000"),
    Role.GOOD: ("#5cb6ea", "#2457c5", "#7cc9f7", "#004a86"),
    Role.FAIR: ("#f2ca52", "#6e5400", "#ffdf7a", "#5e3f00"),
    Role.POOR: ("#ff7373", "#9c1458", "#ff9c9c", "#8a0f3a"),
    Role.MARK: ("#4dc08a", "#1d6f42", "#7fe0b0", "#00512a"),
    Role.NOTE: ("#7fa8ff", "#2457c5", "#a9c4ff", "#0b3a94"),
}

LEVELS = (Role.GOOD, Role.FAIR, Role.POOR)
_SURFACES = (Role.GROUND, Role.CARD, Role.RAISED, Role.HOVER)
TEXT_ON: dict[Role, tuple[Role, ...]] = {
    Role.TEXT: (*_SURFACES, Role.PICTURE),
    Role.MUTED: (*_SURFACES, Role.PICTURE),
    Role.FAINT: _SURFACES,
    Role.ACCENT: _SURFACES,
    Role.ALARM: (*_SURFACES, Role.ALARM_GROUND),
    Role.ALARM_TEXT: (Role.ALARM_GROUND,),
    Role.ACCENT_INK: (Role.ACCENT, Role.ACCENT_HOVER),
    Role.GOOD: _SURFACES,
    Role.FAIR: _SURFACES,
    Role.POOR: _SURFACES,
    Role.MARK: _SURFACES,
    Role.NOTE: _SURFACES,
}
"""Which grounds a role is written on."""


def value(role: Role, look: Look) -> str:
    """#rrggbb."""
    return TABLE[role][look]


def look(*, dark: bool, contrast: bool) -> Look:
    """The column for a choice of both."""
    if contrast:
        return Look.DARK_CONTRAST if dark else Look.LIGHT_CONTRAST
    return Look.DARK if dark else Look.LIGHT


def contrast_ratio(first: str, second: str) -> float:
    """1 to 21, of two #rrggbb (WCAG 2.2)."""
    darker, lighter = sorted((_luminance(first), _luminance(second)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(name: str) -> float:
    channels = [int(name[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    linear = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in channels]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]
