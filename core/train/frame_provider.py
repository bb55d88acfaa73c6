"""Where the pictures of a batch come from: a provider makes them on the device from the arrays that samples carry."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from core.model.qwen2_5_vl.patches import MEAN, STD, patchify
from core.train.augmentation import VIEW_SIZE, on_screen
from core.train.bundled_config import FRAME_SIZE


class FrameProvider(Protocol):
    """Makes frames of batches whose samples have the arrays it asks for."""

    def frames(self, batch: Mapping[str, Tensor]) -> Tensor:
        """(chunks * frames, 3, height, width) in 0..1, chunk after chunk, as a screen would show them."""
        ...


def patches_of(frames: Tensor) -> Tensor:
    """Frames (n, 3, height, width) in 0..1 -> (grids * patches, 1176) normalised pixels, two frames a grid."""
    mean, std = (torch.tensor(v, device=frames.device, dtype=frames.dtype)[:, None, None] for v in (MEAN, STD))
    patches, _ = patchify(((frames - mean) / std).permute(0, 2, 3, 1).contiguous())
    return patches


class StoredFrames:
    """Frames that samples carry as pictures: of recordings, of any programme.

    Attributes:
        desktops: (k, 3, height, width) pictures in 0..1, what a window lies on.
    """

    def __init__(self, desktops: np.ndarray, device: torch.device) -> None:
        """`desktops`: (k, 3, height, width) uint8, of FRAME_SIZE."""
        self._dtype = torch.bfloat16 if device.type == "cuda" else torch.float32
        self.desktops = (torch.from_numpy(desktops).to(device).float() / 255).to(self._dtype)

    def frames(self, batch: Mapping[str, Tensor]) -> Tensor:
        """As `FrameProvider`. The batch holds `frames` (chunks, frames, height, width, 3) uint8, of FRAME_SIZE, and for
        each chunk the entries of `core.train.augmentation.draw_augmentation`."""
        stored = batch["frames"]
        chunks, count = stored.shape[:2]
        whole = stored.flatten(0, 1).permute(0, 3, 1, 2).float() / 255
        seen = _looked_at(whole, batch["view"].repeat_interleave(count, 0)).to(self._dtype)
        return on_screen(seen.unflatten(0, (chunks, count)), self.desktops, batch).flatten(0, 1)


def _looked_at(pictures: Tensor, view: Tensor) -> Tensor:
    """Pictures (n, 3, height, width) as the views (n, 4) lay them onto the frame; their edges go on beyond them."""
    width, height = FRAME_SIZE
    x = (view[:, :1] + view[:, 2:3] * (torch.arange(width, device=view.device) + 0.5)) / (VIEW_SIZE[0] / 2) - 1
    y = (view[:, 1:2] + view[:, 3:4] * (torch.arange(height, device=view.device) + 0.5)) / (VIEW_SIZE[1] / 2) - 1
    grid = torch.stack((x[:, None].expand(-1, height, -1), y[:, :, None].expand(-1, -1, width)), -1)
    return F.grid_sample(pictures, grid, mode="bilinear", padding_mode="border", align_corners=False)
