"""From a chunk's pixels to vision embeddings: how large, how many frames, and through the tower."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from functools import partial

import numpy as np
import torch
from torch import Tensor

from core.cache.kv_cache import on_device
from core.config import StreamConfig
from core.engine.device import HAS_TRITON
from core.engine.memory import QualityLevel
from core.errors import UsageError
from core.model.checkpoint import Checkpoint
from core.model.qwen2_5_vl.vision import VisionTower, embed_frames
from core.prompt.ledger import TokenGrid
from core.types import Chunk
from core.video import patches
from core.video.repeats import Repeats, VisionWindow


class VisionEncoder:
    """What the engine sees with. The level says how much of the pixels and frames asked for it may use.

    Attributes:
        factor: pixels of a merged token's side. tower: `embed_frames` of the vision tower.
    """

    def __init__(self, checkpoint: Checkpoint, config: StreamConfig, device: torch.device) -> None:
        self.vision = checkpoint.model.config.vision
        self.factor = self.vision.patch * self.vision.merge
        self.tower = fastest_tower(checkpoint.model.vision)
        self._budget = checkpoint.min_pixels, checkpoint.max_pixels
        self._size = config.size
        self._device = device
        temporal = self.vision.temporal_patch
        self.repeats = Repeats(config.drop_repeats, self.factor, temporal) if config.drop_repeats else None

    def encode(
        self, frames: Sequence[np.ndarray], level: QualityLevel, window: VisionWindow | None = None
    ) -> tuple[TokenGrid, Tensor, bytes | None]:
        """The merged grid of frames, their vision embeddings (tokens, hidden), and which tokens these are.

        The tower always sees the whole picture; with `drop_repeats` and `window` only the embeddings of new tokens are
        given, and which these are as in `Span.kept`; else None.
        """
        height, width = self.frame_size(frames[0].shape[0], frames[0].shape[1], level)
        pixels = torch.cat([patches.resize(self._there(frame)[None], (height, width)) for frame in frames])
        new = None if self.repeats is None or window is None else self.repeats.new(pixels, window)
        grid = self._grid(len(frames), height, width)
        seen = self.tower(pixels)
        if new is None:
            return grid, seen, None
        return grid, seen[on_device(seen.device, np.flatnonzero(new))], new.tobytes()

    def forget(self) -> None:
        """What was seen last is not in the context after all: nothing repeats it."""
        if self.repeats is not None:
            self.repeats.forget()

    def tokens(self, chunk: Chunk, level: QualityLevel) -> int:
        """How many tokens `encode` would give for a chunk, repeats included."""
        return math.prod(self.grid(chunk, level))

    def grid(self, chunk: Chunk, level: QualityLevel) -> TokenGrid:
        """The merged grid that `encode` would give for a chunk."""
        frames = thinned(chunk, level).frames
        return self._grid(len(frames), *self.frame_size(frames[0].shape[0], frames[0].shape[1], level))

    def frame_size(self, height: int, width: int, level: QualityLevel) -> tuple[int, int]:
        """(height, width) in pixels that the tower gets for frames of this size. Raises UsageError for a wrong one."""
        if self._size == "auto":
            height, width = patches.smart_size(height, width, self.factor, *self._budget)
        elif self._size != "native":
            width, height = self._size
        if height % self.factor or width % self.factor:
            raise UsageError("Impossible size", f"{width}x{height}: both must be multiples of {self.factor} pixels")
        if level.pixels < 1:
            pixels = int(height * width * level.pixels)
            height, width = patches.smart_size(height, width, self.factor, self.factor**2, pixels)
        return height, width

    def _grid(self, frames: int, height: int, width: int) -> TokenGrid:
        """Of so many frames of pixels as the tower gets them."""
        return math.ceil(frames / self.vision.temporal_patch), height // self.factor, width // self.factor

    def _there(self, frame: np.ndarray) -> Tensor:
        """A picture on the device; a GPU takes it faster from pinned memory, copying included."""
        picture = torch.from_numpy(frame if frame.flags.writeable else frame.copy())  # torch warns of what is not
        return picture.pin_memory().to(self._device, non_blocking=True) if self._device.type == "cuda" else picture


def fastest_tower(tower: VisionTower) -> Callable[[Tensor], Tensor]:
    """`embed_frames` of the tower, as its device does it best."""
    if tower.patch_embed.weight.is_cuda and HAS_TRITON:
        from core.engine.backends.cuda.vision_graph import VisionGraph

        return VisionGraph(tower)
    return partial(embed_frames, tower)


def thinned(chunk: Chunk, level: QualityLevel) -> Chunk:
    """The chunk with every n-th frame only, n from the level; its time stays."""
    keep = max(1, round(len(chunk.frames) * level.frames))
    every = len(chunk.frames) // keep
    if every <= 1:
        return chunk
    return Chunk(chunk.index, chunk.start, chunk.end, chunk.frames[::every], chunk.captured_at)
