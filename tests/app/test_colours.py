"""Every text can be read on what it stands on, and the levels differ for the colour-blind."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path

import numpy as np
import pytest

from app.colours import LEVELS, TABLE, TEXT_ON, Look, Role, contrast_ratio, value

READABLE = 4.5
HIGH = 7.0
TINT = 0.16
"""How much of the accent lies over a card where a row is selected."""
DIFFERENT = 20.0
"""CIE76: about ten times what the eye just notices."""

# Machado, Oliveira & Fernandes 2009, table 1, severity 1.0, on linear RGB.
PROTAN = np.array([[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]])
DEUTAN = np.array([[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]])
TRITAN = np.array([[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]])
XYZ = np.array(
    [[0.4124564, 0.3575761, 0.1804375], [0.2126729, 0.7151522, 0.0721750], [0.0193339, 0.1191920, 0.9503041]]
)
WHITE = XYZ @ np.ones(3)

LITERAL = re.compile(r"#[0-9a-fA-F]{3,8}\b|rgba?\(\d|QColor\(\d|GlobalColor\.(?!transparent)")
LITERALS_BELONG = {
    "app/colours.py",  # the table
    "app/caption_style.py",  # what a user may change, with its defaults
    "app/capture/desktop_programs.py",  # a desktop that is filmed, which is content
    "app/capture/desktop_widgets.py",
}


def linear(name: str) -> np.ndarray:
    channels = np.array([int(name[place : place + 2], 16) / 255 for place in (1, 3, 5)])
    return np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear RGB."""
    share = (XYZ @ np.clip(rgb, 0, 1)) / WHITE
    root = np.where(share > 0.008856, np.cbrt(share), 7.787 * share + 16 / 116)
    return np.array([116 * root[1] - 16, 500 * (root[0] - root[1]), 200 * (root[1] - root[2])])


def mixed(over: str, below: str, share: float) -> str:
    """What `share` of a colour over another one looks like."""
    pairs = [(int(over[place : place + 2], 16), int(below[place : place + 2], 16)) for place in (1, 3, 5)]
    return "#" + "".join(f"{round(a * share + b * (1 - share)):02x}" for a, b in pairs)


def test_the_known_ratios() -> None:
    assert contrast_ratio("#000000", "#ffffff") == pytest.approx(21.0)
    assert contrast_ratio("#777777", "#ffffff") == pytest.approx(4.48, abs=0.01)


@pytest.mark.parametrize("look", Look, ids=lambda look: look.name)
def test_every_text_can_be_read_on_every_ground_of_it(look: Look) -> None:
    needed = HIGH if look in (Look.DARK_CONTRAST, Look.LIGHT_CONTRAST) else READABLE
    poor = {
        (role.name, ground.name): round(contrast_ratio(value(role, look), value(ground, look)), 2)
        for role, grounds in TEXT_ON.items()
        for ground in grounds
        if contrast_ratio(value(role, look), value(ground, look)) < needed
    }
    assert poor == {}


@pytest.mark.parametrize("look", Look, ids=lambda look: look.name)
def test_a_selected_row_can_be_read(look: Look) -> None:
    for surface in (Role.CARD, Role.GROUND):
        ground = mixed(value(Role.ACCENT, look), value(surface, look), TINT)
        for role in (Role.TEXT, Role.MUTED, Role.FAINT, Role.ACCENT):
            assert contrast_ratio(value(role, look), ground) >= READABLE, (role, surface)


@pytest.mark.parametrize("look", Look, ids=lambda look: look.name)
@pytest.mark.parametrize("seen_by", [np.eye(3), PROTAN, DEUTAN, TRITAN], ids=["all", "protan", "deutan", "tritan"])
def test_the_levels_differ_for_everybody(look: Look, seen_by: np.ndarray) -> None:
    for one, other in combinations(LEVELS, 2):
        seen = [lab(seen_by @ linear(value(role, look))) for role in (one, other)]
        assert np.linalg.norm(seen[0] - seen[1]) >= DIFFERENT, (one, other)


def test_every_role_has_a_colour_in_every_look() -> None:
    assert set(TABLE) == set(Role)
    assert all(re.fullmatch("#[0-9a-f]{6}", name) for row in TABLE.values() for name in row)


def test_no_colour_stands_anywhere_else(checkout: Path) -> None:
    found = [
        f"{path.relative_to(checkout)}:{number}"
        for path in sorted((checkout / "app").rglob("*.py"))
        if path.relative_to(checkout).as_posix() not in LITERALS_BELONG
        for number, line in enumerate(path.read_text("utf-8").splitlines(), 1)
        if LITERAL.search(line)
    ]
    assert found == []
