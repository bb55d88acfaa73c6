"""Made-up moving pictures."""

import numpy as np

from core.train.bundled_config import FRAME_SIZE
from core.train.shape_scenes import shape_clip


def test_shapes_are_the_same_for_the_same_seed_and_others_for_another() -> None:
    one, same, other = (shape_clip(np.random.default_rng(seed), 6) for seed in (1, 1, 2))
    assert np.array_equal(one, same)
    assert not np.array_equal(one, other)


def test_most_of_them_move() -> None:
    clips = [shape_clip(np.random.default_rng(seed), 4) for seed in range(20)]
    assert all(clip.shape == (4, FRAME_SIZE[1], FRAME_SIZE[0], 3) and clip.dtype == np.uint8 for clip in clips)
    assert sum(not np.array_equal(clip[0], clip[-1]) for clip in clips) > 10
