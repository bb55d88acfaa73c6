"""Still pictures for training: empty grounds, some under a scoreboard that tells nothing, and desktops to lie on."""

from __future__ import annotations

from concurrent.futures import ProcessPoolExecutor
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from core.programmes.football import backdrop
from core.programmes.football.kit import Fixture
from core.train.bundled_config import FRAME_SIZE

GROUNDS = 64
DESKTOPS = 64
SAMPLES = 2
NEVER_PLAYED = 10_000_000  # fixtures for panels: of no match in sight


def ground(number: int) -> np.ndarray:
    """uint8 (height, width, 3) at the painter's sample size; every second one has a panel of random digits."""
    rng = Random(f"training ground {number}")
    board = None
    fixture = Fixture(NEVER_PLAYED + number)
    if number % 2:
        top = rng.choice((3, 12, 120))
        board = ((rng.randrange(top), rng.randrange(top)), rng.uniform(0, 20_000))
    picture = Image.fromarray(backdrop.backdrop(fixture, scoreboard=board))
    return np.array(picture.resize((FRAME_SIZE[0] * SAMPLES, FRAME_SIZE[1] * SAMPLES), Image.Resampling.BOX))


def desktop(number: int) -> np.ndarray:
    """uint8 (height, width, 3) at the frame's size: a gradient with windows, icons and lines of text."""
    rng = Random(f"training desktop {number}")
    width, height = FRAME_SIZE
    corner = np.array([[_shade(rng), _shade(rng)], [_shade(rng), _shade(rng)]], np.uint8)
    image = Image.fromarray(corner).resize((width, height), Image.Resampling.BILINEAR)
    pen = ImageDraw.Draw(image)
    for _ in range(rng.randrange(9)):
        x = rng.randrange(-40, width)
        y = rng.randrange(-20, height)
        w = rng.randrange(20, width)
        h = rng.randrange(10, height)
        pen.rectangle((x, y, x + w, y + h), fill=_shade(rng), outline=_shade(rng))
        pen.rectangle((x, y, x + w, y + rng.randrange(3, 9)), fill=_shade(rng))
        ink = _shade(rng)
        for line in range(y + 12, min(y + h, height), rng.randrange(4, 8)):
            if rng.random() < 0.6:
                pen.line((x + 4, line, x + 4 + rng.randrange(4, max(w - 4, 5)), line), fill=ink)
    return np.array(image.filter(ImageFilter.GaussianBlur(rng.choice((0.0, 0.4, 0.8)))))


def _shade(rng: Random) -> tuple[int, int, int]:
    level = rng.choice((30, 90, 200, 255))
    return rng.randrange(level), rng.randrange(level), rng.randrange(level)


def draw_all(grounds: int = GROUNDS, desktops: int = DESKTOPS, workers: int = 0) -> tuple[np.ndarray, np.ndarray]:
    """uint8 (k, 3, height, width): grounds at sample size, desktops at frame size."""
    if workers:
        with ProcessPoolExecutor(workers) as pool:
            drawn = list(pool.map(ground, range(grounds))), list(pool.map(desktop, range(desktops)))
    else:
        drawn = [ground(n) for n in range(grounds)], [desktop(n) for n in range(desktops)]
    stills, desks = (np.stack(pictures).transpose(0, 3, 1, 2) for pictures in drawn)
    return np.ascontiguousarray(stills), np.ascontiguousarray(desks)
