"""Empty grounds for the painter."""

from __future__ import annotations

import numpy as np
from PIL import Image

from core.programmes.football import backdrop
from core.train.bundled_config import FRAME_SIZE

GROUNDS = 64
SAMPLES = 2
FIRST = 10_000_000  # seeds of no match in sight


def ground(number: int) -> np.ndarray:
    """uint8 (height, width, 3) at the painter's sample size."""
    picture = Image.fromarray(backdrop.backdrop(FIRST + number))
    return np.array(picture.resize((FRAME_SIZE[0] * SAMPLES, FRAME_SIZE[1] * SAMPLES), Image.Resampling.BOX))
