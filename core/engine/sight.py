"""From a chunk's pixels to vision embeddings: how large, how many frames, and through the tower."""

from __future__ import annotations

import math
from collections.abc import Callable

import numpy as np
import torch
from torch import Tensor

from core.config import StreamConfig
from core.engine.ladder import Rung
from core.engine.tower_graph import TowerGraph
from core.errors import UsageError
from core.model.checkpoint import Checkpoint
from core.prompt.ledger import Grid
from core.types import Chunk
from core.video import patches
from core.video.repeats import Held, Repeats


class Sight:
    """What the engine sees with. The rung says how much of the pixels and frames asked for it may use."""

    def __init__(self, checkpoint: Checkpoint, config: StreamConfig, device: torch.device) -> None:
        tower, self.vision = checkpoint.model.vision, checkpoint.model.config.vision
        self.tower: Callable[[Tensor, Grid], Tensor] = TowerGraph(tower) if device.type == "cuda" else tower
        self._budget = checkpoint.min_pixels, checkpoint.max_pixels
        self._size, self._device = config.size, device
        side = self.vision.patch * self.vision.merge
        self.repeats = Repeats(config.drop_repeats, side, self.vision.temporal_patch) if config.drop_repeats else None

    def see(self, chunk: Chunk, rung: Rung, held: Held | None = None) -> tuple[Grid, Tensor, bytes | None]:
        """The merged grid of a chunk, its vision embeddings (tokens, hidden), and which tokens these are.

        The tower always sees the whole picture; with `drop_repeats` and `held` only the embeddings of new tokens are
        given, and which these are as in `Span.kept`; else None.
        """
        frames = thinned(chunk, rung).frames
        size = self.frame_size(frames.shape[1], frames.shape[2], rung)
        pixels = patches.resize(torch.from_numpy(frames).to(self._device), size)
        new = None if self.repeats is None or held is None else self.repeats.new(pixels, held)
        vision = self.vision
        cut, grid = patches.patchify(patches.normalise(pixels), vision.patch, vision.merge, vision.temporal_patch)
        merged, seen = (grid[0], grid[1] // vision.merge, grid[2] // vision.merge), self.tower(cut, grid)
        if new is None:
            return merged, seen, None
        return merged, seen[torch.from_numpy(np.flatnonzero(new)).to(seen.device)], new.tobytes()

    def tokens(self, chunk: Chunk, rung: Rung) -> int:
        """How many tokens `see` would give, repeats included."""
        factor = self.vision.patch * self.vision.merge
        height, width = self.frame_size(chunk.frames.shape[1], chunk.frames.shape[2], rung)
        indices = math.ceil(len(thinned(chunk, rung).frames) / self.vision.temporal_patch)
        return indices * (height // factor) * (width // factor)

    def frame_size(self, height: int, width: int, rung: Rung) -> tuple[int, int]:
        """(height, width) in pixels that the tower gets for frames of this size. Raises UsageError for a wrong one."""
        factor = self.vision.patch * self.vision.merge
        if self._size == "auto":
            height, width = patches.smart_size(height, width, factor, *self._budget)
        elif self._size != "native":
            width, height = self._size
        if height % factor or width % factor:
            raise UsageError("Impossible size", f"{width}x{height}: both must be multiples of {factor} pixels")
        if rung.pixels < 1:
            height, width = patches.smart_size(height, width, factor, factor**2, int(height * width * rung.pixels))
        return height, width


def thinned(chunk: Chunk, rung: Rung) -> Chunk:
    """The chunk with every n-th frame only, n from the rung; its time stays."""
    keep = max(1, round(len(chunk.frames) * rung.frames))
    every = len(chunk.frames) // keep
    if every <= 1:
        return chunk
    return Chunk(chunk.index, chunk.start, chunk.end, chunk.frames[::every], chunk.captured_at)
