"""Resizing against its plain twin, Pillow."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from PIL import Image

from core.programmes.football.programme import FootballEpisode
from core.video.resize import resize


@pytest.mark.parametrize("size", [(140, 252), (364, 644), (1008, 1792)])
def test_resizing_is_pillows_bicubic(size: tuple[int, int]) -> None:
    arena = FootballEpisode(3, True)
    noise = np.random.default_rng(0).integers(0, 256, (720, 1280, 3), np.uint8)
    frames = np.stack((arena.frame(20.0), noise))
    theirs = [Image.fromarray(frame).resize(size[::-1], Image.Resampling.BICUBIC) for frame in frames]
    apart = np.abs(resize(torch.from_numpy(frames), size).numpy().astype(int) - np.stack(theirs))
    assert apart.max() <= 2
    assert apart.mean() < 0.05


def test_the_right_size_is_left_alone() -> None:
    frames = torch.zeros(2, 28, 56, 3, dtype=torch.uint8)
    assert resize(frames, (28, 56)) is frames
