"""How a session's desktop looks: colours, sizes and names, drawn from the seed."""

from __future__ import annotations

from dataclasses import dataclass
from functools import lru_cache
from random import Random
from typing import Literal

from PIL import ImageFont

Colour = tuple[int, int, int]
SIZE = (640, 360)
"""Width and height that everything is laid out in, and drawn at."""

USERS = ("Anna", "Ben", "Chloe", "David", "Eva", "Finn", "Gina", "Henry", "Ida", "Jack", "Lena", "Max", "Nora", "Oscar")
LIGHT: tuple[Colour, ...] = ((250, 250, 250), (243, 243, 238), (255, 253, 245), (236, 240, 246))
DARK: tuple[Colour, ...] = ((38, 40, 46), (30, 30, 34), (24, 28, 38), (44, 40, 44))
ACCENTS: tuple[Colour, ...] = (
    (53, 132, 228), (46, 160, 67), (224, 108, 20), (145, 65, 172), (200, 48, 64), (20, 140, 140), (90, 100, 200),
)  # fmt: skip
TERMINALS: tuple[Colour, ...] = ((16, 16, 20), (48, 10, 36), (0, 43, 54), (40, 42, 54), (253, 246, 227))


@dataclass(frozen=True, slots=True)
class Theme:
    """One look.

    Attributes:
        paper, ink: of windows. bar, bar_ink: of title bars. terminal, terminal_ink: of terminals.
        sky: the two colours of the wallpaper. accent: of what is chosen.
        title_height, text: pixels of SIZE. buttons: the side of a title bar on which they are. rounded: radius.
        panel: where the panel is. user: whose desktop it is.
    """

    paper: Colour
    ink: Colour
    bar: Colour
    bar_ink: Colour
    terminal: Colour
    terminal_ink: Colour
    sky: tuple[Colour, Colour]
    accent: Colour
    title_height: int
    text: int
    buttons: Literal["left", "right"]
    rounded: int
    panel: Literal["bottom", "top", "left"]
    user: str


def theme_of(seed: int) -> Theme:
    """The theme of a seed."""
    rng = Random(f"theme {seed}")
    dark = rng.random() < 0.45
    paper = rng.choice(DARK if dark else LIGHT)
    accent = rng.choice(ACCENTS)
    bar = rng.choice((accent, (225, 225, 228), (60, 62, 70), paper))
    terminal = rng.choice(TERMINALS)
    sky = (_any_colour(rng), _any_colour(rng))
    return Theme(
        paper, _ink_on(paper), bar, _ink_on(bar), terminal, _ink_on(terminal), sky, accent,
        rng.randint(15, 22), rng.randint(10, 13), rng.choice(("left", "right")), rng.choice((0, 0, 5, 8)),
        rng.choice(("bottom", "bottom", "top", "left")), rng.choice(USERS),
    )  # fmt: skip


def _any_colour(rng: Random) -> Colour:
    return rng.randrange(20, 210), rng.randrange(20, 210), rng.randrange(20, 210)


def _ink_on(ground: Colour) -> Colour:
    return (24, 24, 28) if sum(ground) > 380 else (232, 232, 236)


@lru_cache(maxsize=32)
def font(pixels: int) -> ImageFont.FreeTypeFont | ImageFont.ImageFont:
    """The font that Pillow brings, so that every machine draws the same."""
    return ImageFont.load_default(pixels)
