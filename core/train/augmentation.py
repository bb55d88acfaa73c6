"""How a viewer's screen shows a programme: full frame, or a window on a desktop; recoloured, blurred, noisy."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from core.train.bundled_config import FRAME_SIZE

Augmentation = dict[str, np.ndarray]
VIEW_SIZE = (1280, 720)
"""A view is told in pixels of a whole picture of this size."""
PLAIN_SHARE = 0.6
OFF_SCREEN: tuple[float, ...] = (-9.0, -9.0, FRAME_SIZE[0] + 9.0, FRAME_SIZE[1] + 9.0)


def draw_augmentation(rng: np.random.Generator, backdrops: int, desktops: int) -> Augmentation:
    """The view of one chunk; the camera does not move inside a chunk.

    Returns (float32 unless said):
        view (4,): picture pixel of output (column, row) = x0 + dx * (column + 0.5), y0 + dy * (row + 0.5).
        backdrop, desktop: int32 indices. window (4,): left, top, right, bottom of the programme, output pixels.
        title (4,): colour and height of the bar above the window. band (8,): box, colour, opacity of a hidden strip.
        colour (3, 4): matrix and shift. blur: share of a 3 x 3 mean, negative sharpens. noise: standard deviation.
    """
    if rng.random() < PLAIN_SHARE:
        window = OFF_SCREEN
        view = _full(rng)
        title = np.zeros(4)
        band_share = 0.06
    else:
        window, view = _windowed(rng)
        title = np.array([*rng.random(3), rng.uniform(2.0, 9.0) * (rng.random() < 0.85)])
        band_share = 0.25
    drawn = {
        "view": view,
        "backdrop": rng.integers(backdrops),
        "desktop": rng.integers(desktops),
        "window": np.array(window),
        "title": title,
        "band": _band(rng) if rng.random() < band_share else np.zeros(8),
        "colour": _colour(rng),
        "blur": rng.uniform(-0.15, 0.5) if rng.random() < 0.6 else 0.0,
        "noise": rng.uniform(0.0, 0.02),
    }
    whole = ("backdrop", "desktop")
    return {name: np.asarray(v, np.int32 if name in whole else np.float32) for name, v in drawn.items()}


def _full(rng: np.random.Generator) -> np.ndarray:
    """Nearly the exact frame: what resizing and compression move."""
    if rng.random() < 0.3:
        return _onto(0, 0, *FRAME_SIZE)
    scale = rng.uniform(0.98, 1.03)
    stretch = rng.uniform(0.99, 1.01)
    width = FRAME_SIZE[0] * scale * stretch
    height = FRAME_SIZE[1] * scale
    left = (FRAME_SIZE[0] - width) / 2 + rng.uniform(-2, 2)
    return _onto(left, (FRAME_SIZE[1] - height) / 2 + rng.uniform(-2, 2), width, height)


def _windowed(rng: np.random.Generator) -> tuple[tuple[float, ...], np.ndarray]:
    """The arena in a window somewhere on the desktop; a little of it may hang out of the screen."""
    scale = rng.uniform(0.55, 0.98)
    width = FRAME_SIZE[0] * scale * rng.uniform(0.97, 1.03)
    height = FRAME_SIZE[1] * scale
    left = rng.uniform(-0.02, 1.02) * (FRAME_SIZE[0] - width)
    top = rng.uniform(0.0, 1.02) * (FRAME_SIZE[1] - height)
    return (left, top, left + width, top + height), _onto(left, top, width, height)


def _onto(left: float, top: float, width: float, height: float) -> np.ndarray:
    """The view that lays the whole picture onto a rectangle of the output."""
    dx = VIEW_SIZE[0] / width
    dy = VIEW_SIZE[1] / height
    return np.array([-left * dx, -top * dy, dx, dy])


def _band(rng: np.random.Generator) -> np.ndarray:
    """A strip hidden on purpose: our own captions masked out of the capture."""
    width = rng.uniform(0.3, 0.9) * FRAME_SIZE[0]
    height = rng.uniform(0.06, 0.16) * FRAME_SIZE[1]
    left = rng.uniform(0, 1) * (FRAME_SIZE[0] - width)
    top = FRAME_SIZE[1] * rng.uniform(0.8, 0.95) - height if rng.random() < 0.8 else rng.uniform(0, 0.1) * FRAME_SIZE[1]
    grey = rng.uniform(0, 1) if rng.random() < 0.7 else 0.5
    return np.array([left, top, left + width, top + height, grey, grey, grey, rng.uniform(0.85, 1.0)])


def _colour(rng: np.random.Generator) -> np.ndarray:
    """Contrast, saturation, a slight hue turn and a brightness shift, as one 3 x 4 matrix."""
    if rng.random() < 0.25:
        return np.eye(3, 4)
    luma = np.full((3, 3), 1 / 3)
    saturation = rng.uniform(0.88, 1.12)
    hue = rng.uniform(-0.035, 0.035)
    spin = np.array([[0, -1, 1], [1, 0, -1], [-1, 1, 0]]) * hue
    contrast = rng.uniform(0.9, 1.1)
    matrix = contrast * (luma + saturation * (np.eye(3) - luma) + spin)
    shift = rng.uniform(-0.04, 0.04) + 0.5 * (1 - contrast)
    return np.concatenate([matrix, np.full((3, 1), shift)], 1)


def on_screen(shown: Tensor, desktops: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
    """Put pictures (chunks, frames, 3, h, w) on a desktop, hide a band, change colours, blur, add noise."""
    dtype = shown.dtype
    count = shown.shape[1]
    desk = desktops[batch["desktop"].long()].to(dtype)  # (chunks, 3, h, w)
    title = batch["title"].to(dtype)
    bar = torch.stack(
        (
            batch["window"][:, 0],
            batch["window"][:, 1] - batch["title"][:, 3],
            batch["window"][:, 2],
            batch["window"][:, 1],
        ),
        1,
    )
    desk = desk + (title[:, :3, None, None] - desk) * _inside(bar, desk)
    inside = _inside(batch["window"], desk)[:, None]
    picture = desk[:, None] + (shown - desk[:, None]) * inside
    band = batch["band"].to(dtype)
    hidden = _inside(batch["band"][:, :4], desk)[:, None] * band[:, 7, None, None, None, None]
    picture = picture + (band[:, None, 4:7, None, None] - picture) * hidden
    flat = picture.flatten(0, 1)
    blurred = F.avg_pool2d(F.pad(flat, (1, 1, 1, 1), mode="replicate"), 3, stride=1)
    flat = flat + (blurred - flat) * batch["blur"].to(dtype).repeat_interleave(count)[:, None, None, None]
    matrix = batch["colour"][..., :3].to(dtype)
    shift = batch["colour"][..., 3].to(dtype)
    mixed = torch.einsum("bij,bfjhw->bfihw", matrix, flat.unflatten(0, shown.shape[:2])) + shift[:, None, :, None, None]
    mixed = mixed + torch.randn_like(mixed) * batch["noise"].to(dtype)[:, None, None, None, None]
    return mixed.clip(0, 1)


def _inside(box: Tensor, like: Tensor) -> Tensor:
    """(chunks, 1, h, w): how much of each pixel lies in the box (chunks, 4) left, top, right, bottom, in pixels."""
    x, y = (torch.arange(n, device=box.device, dtype=box.dtype) for n in (like.shape[-1], like.shape[-2]))

    def covered(at: Tensor, low: Tensor, high: Tensor) -> Tensor:
        return (torch.minimum(at + 1, high[:, None]) - torch.maximum(at, low[:, None])).clip(0, 1)

    across = covered(x, box[:, 0], box[:, 2])
    down = covered(y, box[:, 1], box[:, 3])
    return (down[:, :, None] * across[:, None, :])[:, None].to(like.dtype)
