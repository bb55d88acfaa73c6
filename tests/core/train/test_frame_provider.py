"""Stored frames as a viewer's screen shows them."""

import numpy as np
import torch

from core.train.augmentation import OFF_SCREEN, VIEW_SIZE
from core.train.bundled_config import FRAME_SIZE
from core.train.frame_provider import StoredFrames


def test_a_stored_frame_is_shown_as_it_is_in_a_plain_view() -> None:
    picture = np.random.default_rng(0).integers(0, 256, (1, 1, FRAME_SIZE[1], FRAME_SIZE[0], 3), np.uint8)
    provider = StoredFrames(np.zeros((1, 3, FRAME_SIZE[1], FRAME_SIZE[0]), np.uint8), torch.device("cpu"))
    plain = {
        "view": [0.0, 0.0, VIEW_SIZE[0] / FRAME_SIZE[0], VIEW_SIZE[1] / FRAME_SIZE[1]],
        "window": OFF_SCREEN, "title": [0.0] * 4, "band": [0.0] * 8, "colour": np.eye(3, 4), "blur": 0.0, "noise": 0.0,
    }  # fmt: skip
    batch = {name: torch.tensor(np.array([value]), dtype=torch.float32) for name, value in plain.items()}
    batch |= {"desktop": torch.zeros(1, dtype=torch.int32), "frames": torch.from_numpy(picture)}
    shown = provider.frames(batch)
    assert shown.shape == (1, 3, FRAME_SIZE[1], FRAME_SIZE[0])
    assert (shown[0].permute(1, 2, 0) * 255 - torch.from_numpy(picture[0, 0])).abs().max() < 0.1
