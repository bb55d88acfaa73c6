"""Still pictures that a programme's window may lie on in training."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter

from core.train.bundled_config import FRAME_SIZE

DESKTOPS = 64


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


def draw_pictures(draw: Callable[[int], np.ndarray], count: int, workers: int = 0) -> np.ndarray:
    """(count, 3, height, width) uint8: draw(0), draw(1), ... by so many processes, or in this one."""
    if workers:
        with ProcessPoolExecutor(workers) as pool:
            drawn = list(pool.map(draw, range(count)))
    else:
        drawn = [draw(number) for number in range(count)]
    return np.ascontiguousarray(np.stack(drawn).transpose(0, 3, 1, 2))
