"""A picture that stands, told once."""

from __future__ import annotations

import numpy as np

from app.capture.stillness import STILL_S, Stillness


def test_a_standing_picture_is_told_once_and_so_is_that_it_moves_again() -> None:
    watch = Stillness()
    rng = np.random.default_rng(0)
    moving = [rng.integers(0, 256, (48, 64, 3), np.uint8) for _ in range(3)]
    assert [watch.look(image, now) for now, image in enumerate(moving)] == [None] * 3
    told = [watch.look(moving[-1].copy(), 2 + second) for second in range(1, 30)]
    assert told.count(True) == 1
    assert told.index(True) == STILL_S - 1
    assert watch.look(moving[0], 40.0) is False
    assert watch.look(moving[1], 40.1) is None


def test_the_same_array_again_is_the_same_picture() -> None:
    watch = Stillness()
    image = np.zeros((8, 8, 3), np.uint8)
    assert watch.look(image, 0.0) is None
    assert watch.look(image, STILL_S) is True
