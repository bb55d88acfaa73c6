"""Made-up moving pictures that belong to no programme: what nobody may talk about, in more looks than a list has."""

from __future__ import annotations

import numpy as np
from PIL import Image, ImageDraw

from core.train.backgrounds import DESKTOPS, desktop
from core.train.bundled_config import FRAME_SIZE, FRAMES_PER_ROUND

MAX_SHAPES = 24
CUT_SHARE = 0.04  # of the pictures begin another scene
STILL_SHARE = 0.2


def shape_clip(rng: np.random.Generator, count: int) -> np.ndarray:
    """(count, height, width, 3) uint8: shapes that move over a ground that may scroll, with cuts."""
    scene = _Scene(rng)
    pictures = []
    for _ in range(count):
        if rng.random() < CUT_SHARE:
            scene = _Scene(rng)
        pictures.append(scene.next())
    return np.stack(pictures)


class _Scene:
    """Shapes and their ground; each picture is half a second after the one before."""

    def __init__(self, rng: np.random.Generator) -> None:
        width, height = FRAME_SIZE
        count = int(rng.integers(MAX_SHAPES + 1))
        moves = rng.random() > STILL_SHARE
        self._ground = _ground(rng)
        self._scroll = rng.integers(-30, 31, 2) * (moves and rng.random() < 0.4)
        self._at = rng.uniform(0, 1, (count, 2)) * (width, height)
        self._speed = rng.normal(0, 1, (count, 2)) * rng.uniform(0, 60) / FRAMES_PER_ROUND * moves
        self._size = rng.uniform(1.5, 1.0 + 18 * rng.random() ** 2 + 2, (count, 2))
        few = rng.integers(0, 256, (int(rng.integers(1, 5)), 3))
        self._colour = few[rng.integers(len(few), size=count)]
        self._round = rng.random(count) < rng.random()
        self._shift = np.zeros(2, int)

    def next(self) -> np.ndarray:
        """(height, width, 3) uint8."""
        width, height = FRAME_SIZE
        self._at = (self._at + self._speed) % (width, height)
        self._shift = self._shift + self._scroll
        image = Image.fromarray(np.roll(self._ground, tuple(self._shift[::-1]), (0, 1)))
        pen = ImageDraw.Draw(image)
        for (x, y), (w, h), colour, rounded in zip(self._at, self._size, self._colour, self._round, strict=True):
            box = (x - w, y - h, x + w, y + h)
            fill = (int(colour[0]), int(colour[1]), int(colour[2]))
            if rounded:
                pen.ellipse(box, fill=fill)
            else:
                pen.rectangle(box, fill=fill)
        return np.asarray(image)


def _ground(rng: np.random.Generator) -> np.ndarray:
    """(height, width, 3) uint8: a desktop, a plain colour, stripes, or a coarse texture."""
    width, height = FRAME_SIZE
    kind = rng.random()
    if kind < 0.3:
        return desktop(int(rng.integers(DESKTOPS)))
    colours = rng.integers(0, 256, (2, 3))
    if kind < 0.5:
        return np.full((height, width, 3), colours[0], np.uint8)
    if kind < 0.7:
        period = int(rng.integers(4, 60))
        stripe = (np.arange(width) // period % 2)[None, :, None]
        return np.broadcast_to(np.where(stripe, *colours), (height, width, 3)).astype(np.uint8)
    coarse = rng.integers(0, 256, (*rng.integers(2, 12, 2), 3), np.uint8)
    smooth = rng.random() < 0.5
    how = Image.Resampling.BICUBIC if smooth else Image.Resampling.NEAREST
    return np.asarray(Image.fromarray(coarse).resize(FRAME_SIZE, how))
