"""Pixels to patches: scale, normalise and cut, in the order Qwen2-VL expects.

On the CPU equal to transformers' `Qwen2VLImageProcessorPil` on a pair of equal frames (tested).
"""

from __future__ import annotations

import math
from functools import cache

import torch
from torch import Tensor

from core.video.resize import pad_frames

MEAN = (0.48145466, 0.4578275, 0.40821073)
STD = (0.26862954, 0.26130258, 0.27577711)


def smart_size(height: int, width: int, factor: int, min_pixels: int, max_pixels: int) -> tuple[int, int]:
    """The (height, width) a frame is resized to: multiples of `factor`, pixel count in range, aspect kept.

    Source: `smart_resize` of Qwen2-VL.
    """
    rows = max(1, round(height / factor)) * factor
    columns = max(1, round(width / factor)) * factor
    if rows * columns > max_pixels:
        shrink = math.sqrt(height * width / max_pixels)
        rows = max(factor, math.floor(height / shrink / factor) * factor)
        columns = max(factor, math.floor(width / shrink / factor) * factor)
    elif rows * columns < min_pixels:
        grow = math.sqrt(min_pixels / (height * width))
        rows = math.ceil(height * grow / factor) * factor
        columns = math.ceil(width * grow / factor) * factor
    return rows, columns


def normalise(patches: Tensor) -> Tensor:
    """Patches of 0 to 255 -> float32, normalised by CLIP's mean and standard deviation.

    patches: (patches, 3 * n) as `patchify` gives them, channel by channel, which is faster than interleaved channels.
    """
    mean, std = _constants(patches.device)
    scaled = (patches * (1 / 255)).unflatten(1, (3, -1))
    return scaled.sub_(mean[:, None]).div_(std[:, None]).flatten(1)


@cache
def _constants(device: torch.device) -> tuple[Tensor, Tensor]:
    """MEAN and STD on a device; cached, since a CUDA graph cannot copy them while it is captured."""
    with torch.inference_mode(False):
        return torch.tensor(MEAN, device=device), torch.tensor(STD, device=device)


def patchify(frames: Tensor, patch: int = 14, merge: int = 2, temporal: int = 2) -> tuple[Tensor, tuple[int, int, int]]:
    """Cut frames into flattened patches.

    Args:
        frames: (frames, height, width, 3); an odd last frame is repeated to fill its temporal patch;
            height and width are multiples of patch * merge.

    Returns:
        patches: (t * rows * columns, 3 * temporal * patch * patch), merge groups in row order.
        grid: (t, rows, columns) in patches.
    """
    frames = pad_frames(frames, temporal)
    count, height, width, channels = frames.shape
    if height % (patch * merge) or width % (patch * merge):
        raise ValueError(f"frames of {width}x{height} are no multiple of {patch * merge} pixels")
    t = count // temporal
    rows = height // patch
    columns = width // patch
    cut = frames.view(t, temporal, rows // merge, merge, patch, columns // merge, merge, patch, channels)
    cut = cut.permute(0, 2, 5, 3, 6, 8, 1, 4, 7)  # t, rows', columns', merge, merge, channel, temporal, patch, patch
    return cut.reshape(t * rows * columns, channels * temporal * patch * patch), (t, rows, columns)
