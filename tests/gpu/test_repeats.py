"""What is new is the same on a GPU, whose pictures are whole numbers in float32."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from core.video.repeats import Repeats, VisionWindow

pytestmark = pytest.mark.gpu


def test_the_same_tokens_are_new() -> None:
    rng = np.random.default_rng(3)
    here = Repeats(8.01, 28, 2)
    there = Repeats(8.01, 28, 2)
    picture = torch.from_numpy(rng.integers(0, 255, (1, 560, 1008, 3), np.uint8))
    for n in range(6):
        frames = picture.repeat(8, 1, 1, 1)
        for frame in frames:
            y, x = rng.integers(0, 500, 2)
            frame[y : y + 20, x : x + 40] = int(rng.integers(0, 255))
        window = VisionWindow(n, max(0, n - 3), 4)
        new = here.new(frames, window)
        assert np.array_equal(new, there.new(frames.cuda().float(), window))
        assert 0 < new.sum() < new.size
