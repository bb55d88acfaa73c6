"""Captions in painted frames: the worker draws the few that a chunk has, the device lays them over the frames."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import torch
from torch import Tensor

from core.programmes.football import captions
from core.programmes.football.captions import BOXES, Caption
from core.programmes.football.fixture import Fixture
from core.programmes.football.timeline import StateSamples
from core.train.bundled_config import FRAME_SIZE

TEXTURE = (128, 32)  # pixels a caption is drawn at, nearly twice what the model sees of it
MOST = 8  # captions that differ in a chunk; those beyond are left out
LAYERS = 2  # the board, and a card or a replay's mark
NOWHERE = (-9e4, -9e4, 1.0, 1.0)


def draw_captions(samples: StateSamples, fixture: Fixture, board: bool) -> dict[str, np.ndarray]:
    """What is laid over the frames of the samples, with the scoreboard or without.

    Returns:
        captions: (MOST, 3, *TEXTURE) uint8, the first is nothing. caption_box: (MOST, 4) float32, left, top, width and
        height in pixels of the whole picture. caption_at: (frames, LAYERS) int32, which lie over a frame.
    """
    frames = len(samples.time)
    textures = np.zeros((MOST, 3, TEXTURE[1], TEXTURE[0]), np.uint8)
    boxes = np.array([NOWHERE] * MOST, np.float32)
    at = np.zeros((frames, LAYERS), np.int32)
    known: dict[Caption, int] = {}
    for frame in range(frames):
        for layer, caption in enumerate(captions.shown(samples, frame, board)):
            if caption not in known and len(known) + 1 < MOST:
                known[caption] = len(known) + 1
                textures[known[caption]] = captions.drawn(caption, fixture, *TEXTURE).transpose(2, 0, 1)
                boxes[known[caption]] = BOXES[caption.kind]
            at[frame, layer] = known.get(caption, 0)
    return {"captions": textures, "caption_box": boxes, "caption_at": at}


def lay_captions(frames: Tensor, batch: Mapping[str, Tensor]) -> Tensor:
    """Frames (chunks, frames, 3, height, width) in 0..1 with what `draw_captions` drew, seen by the chunks' views."""
    textures = batch["captions"].float() / 255
    across = _shares(batch, 0, textures.shape[-1])
    down = _shares(batch, 1, textures.shape[-2])
    ink = torch.einsum("cnyv,cnkvu,cnxu->cnkyx", down, textures, across)
    cover = down.sum(-1)[:, :, None, :, None] * across.sum(-1)[:, :, None, None, :]
    ink = ink.to(frames.dtype)
    clear = (1 - cover).to(frames.dtype)
    chunk = torch.arange(len(frames), device=frames.device)[:, None]
    for layer in range(LAYERS):
        which = batch["caption_at"][..., layer].long()
        frames = frames * clear[chunk, which] + ink[chunk, which]
    return frames


def _shares(batch: Mapping[str, Tensor], axis: int, texels: int) -> Tensor:
    """(chunks, MOST, pixels, texels): of each pixel along an axis of the frame, what part each texel makes up."""
    size = FRAME_SIZE[axis]
    view = batch["view"].float()
    boxes = batch["caption_box"].float()
    device = view.device
    edges = view[:, axis, None] + view[:, 2 + axis, None] * torch.arange(size + 1, device=device)
    scale = texels / boxes[:, :, None, 2 + axis]
    placed = (edges[:, None] - boxes[:, :, None, axis]) * scale  # (chunks, MOST, size + 1)
    low = placed[..., :-1, None]
    high = placed[..., 1:, None]
    texel = torch.arange(texels, device=device)
    overlap = (torch.minimum(texel + 1, high) - torch.maximum(texel, low)).clip(min=0)
    pixel = view[:, None, 2 + axis, None, None] * scale[..., None]
    return overlap / pixel
