"""Empty grounds for the painter, some under a scoreboard that tells nothing."""

from __future__ import annotations

from random import Random

import numpy as np
from PIL import Image

from core.programmes.football import backdrop
from core.programmes.football.fixture import Fixture
from core.train.bundled_config import FRAME_SIZE

GROUNDS = 64
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
