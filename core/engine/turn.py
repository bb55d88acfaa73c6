"""The user turn of a round while it is being read: what has been seen of its chunk so far, and what that took."""

from __future__ import annotations

from dataclasses import dataclass, field

import torch
from torch import Tensor

from core.engine.stats import Stopwatch
from core.prompt.ledger import TokenGrid
from core.types import Chunk


@dataclass(slots=True)
class Turn:
    """Frames seen in parts, each a whole number of temporal patches, but for the last one.

    Attributes:
        index: of the chunk. of: how many frames it has in all. shape: (height, width, 3) of each.
        begun: room was made for it.
        frames: how many were seen. grid, pictures, kept: as `VisionEncoder.encode` gives them, of all of these.
        watch: its stage "ahead" is what was done before the chunk was complete.
    """

    index: int
    of: int
    shape: tuple[int, ...]
    begun: bool = False
    frames: int = 0
    grid: TokenGrid = (0, 0, 0)
    pictures: Tensor = field(default_factory=lambda: torch.empty(0))
    kept: bytes | None = None
    watch: Stopwatch = field(default_factory=Stopwatch)

    def belongs_to(self, chunk: Chunk, of: int) -> bool:
        """Whether that chunk, which has `of` frames in all, goes on where this has come."""
        return (self.index, self.of, self.shape) == (chunk.index, of, chunk.frames[0].shape)

    def add(self, frames: int, grid: TokenGrid, pictures: Tensor, kept: bytes | None) -> None:
        """Take in what was seen of so many more frames."""
        if self.frames:
            grid = (self.grid[0] + grid[0], *grid[1:])
            pictures = torch.cat((self.pictures, pictures))
            kept = None if self.kept is None or kept is None else self.kept + kept
        self.frames = self.frames + frames
        self.grid = grid
        self.pictures = pictures
        self.kept = kept
