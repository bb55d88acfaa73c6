"""Views as they are drawn for training."""

import numpy as np

from core.train.augmentation import draw_augmentation
from core.train.bundled_config import FRAME_SIZE


def test_views_vary_and_stay_in_range():
    rng = np.random.default_rng(0)
    views = [draw_augmentation(rng, 4, 5) for _ in range(300)]
    full = [view for view in views if view["window"][0] < 0 and view["window"][2] > FRAME_SIZE[0]]
    assert 0.45 < len(full) / len(views) < 0.85
    assert max(view["desktop"] for view in views) == 4
    assert all(4.5 < view["view"][2] < 10.5 for view in views)
