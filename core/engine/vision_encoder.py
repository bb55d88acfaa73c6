"""From a chunk's frames to vision embeddings: choose their number and size, resize, run the vision tower."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from core.cache.kv_cache import on_device
from core.config import StreamConfig
from core.engine.backends.select import select_vision
from core.engine.memory import QualityLevel
from core.errors import UsageError
from core.model.checkpoint import Checkpoint
from core.model.qwen2_5_vl.patches import smart_size
from core.prompt.ledger import TokenGrid
from core.types import Chunk
from core.video.repeats import Repeats, VisionWindow
from core.video.resize import resize


class VisionEncoder:
    """The vision tower with what comes before it. A quality level says how much of pixels and frames it may use.

    Attributes:
        factor: pixels along a side of a vision token. tower: `embed_frames` of the vision tower.
        repeats: finds tokens to be left out; None: none are.
    """

    def __init__(self, checkpoint: Checkpoint, config: StreamConfig, device: torch.device) -> None:
        self.vision = checkpoint.model.config.vision
        self.factor = self.vision.patch * self.vision.merge
        self.tower = select_vision(checkpoint.model.vision)
        self._pixel_range = checkpoint.min_pixels, checkpoint.max_pixels
        self._size = config.size
        self._device = device
        temporal = self.vision.temporal_patch
        self.repeats = Repeats(config.drop_repeats, self.factor, temporal) if config.drop_repeats else None

    def encode(
        self, frames: Sequence[np.ndarray], level: QualityLevel, window: VisionWindow | None = None
    ) -> tuple[TokenGrid, Tensor, bytes | None]:
        """Run frames through the tower.

        Args:
            frames: (height, width, 3) uint8 each, all of one size. window: what the context holds of earlier frames.

        Returns:
            The grid, the embeddings (tokens, hidden), and which tokens of the grid these are, as `Span.kept`. The
            tower gets whole frames; with `drop_repeats` and `window` only embeddings of new tokens are given.
        """
        height, width = self.frame_size(frames[0].shape[0], frames[0].shape[1], level)
        pixels = torch.cat([resize(self._to_device(frame)[None], (height, width)) for frame in frames])
        new = None if self.repeats is None or window is None else self.repeats.new(pixels, window)
        grid = self._grid(len(frames), height, width)
        seen = self.tower(pixels)
        if new is None:
            return grid, seen, None
        return grid, seen[on_device(seen.device, np.flatnonzero(new))], new.tobytes()

    def forget(self) -> None:
        """Forget the frames encoded so far: after a rollback nothing repeats them."""
        if self.repeats is not None:
            self.repeats.forget()

    def tokens(self, chunk: Chunk, level: QualityLevel) -> int:
        """Number of tokens of a chunk's grid, repeats included."""
        return math.prod(self.grid(chunk, level))

    def grid(self, chunk: Chunk, level: QualityLevel) -> TokenGrid:
        """The grid of a whole chunk."""
        frames = subsampled(chunk, level).frames
        return self._grid(len(frames), *self.frame_size(frames[0].shape[0], frames[0].shape[1], level))

    def frame_size(self, height: int, width: int, level: QualityLevel) -> tuple[int, int]:
        """(height, width) in pixels to which frames of this size are resized. Raises UsageError if impossible."""
        if self._size == "auto":
            height, width = smart_size(height, width, self.factor, *self._pixel_range)
        elif self._size != "native":
            width, height = self._size
        if height % self.factor or width % self.factor:
            raise UsageError("Impossible size", f"{width}x{height}: both must be multiples of {self.factor} pixels")
        if level.pixels < 1:
            pixels = int(height * width * level.pixels)
            height, width = smart_size(height, width, self.factor, self.factor**2, pixels)
        return height, width

    def _grid(self, frames: int, height: int, width: int) -> TokenGrid:
        """The grid of frames that are resized already."""
        return math.ceil(frames / self.vision.temporal_patch), height // self.factor, width // self.factor

    def _to_device(self, frame: np.ndarray) -> Tensor:
        """Copy a frame to the device; for a GPU by way of pinned memory, which is faster even with that copy."""
        copied = torch.from_numpy(frame if frame.flags.writeable else frame.copy())  # torch warns of what is not
        return copied.pin_memory().to(self._device, non_blocking=True) if self._device.type == "cuda" else copied


def subsampled(chunk: Chunk, level: QualityLevel) -> Chunk:
    """The chunk with every n-th frame only, n by the level's share of frames."""
    keep = max(1, round(len(chunk.frames) * level.frames))
    every = len(chunk.frames) // keep
    if every <= 1:
        return chunk
    return Chunk(chunk.index, chunk.start, chunk.end, chunk.frames[::every], chunk.captured_at)
