"""The user turn of a round while its chunk comes in: encoded, written and prefilled in parts, or rolled back."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import torch
from torch import Tensor

from core.engine.backends.runner import Runner
from core.engine.context import Context
from core.engine.memory import MemoryPlan
from core.engine.stats import Stopwatch
from core.engine.vision_encoder import VisionEncoder
from core.prompt.ledger import SpanKind, TokenGrid
from core.types import Chunk
from core.video.repeats import VisionWindow


@dataclass(slots=True)
class Turn:
    """Frames encoded in parts, each a whole number of temporal patches, but for the last one.

    Attributes:
        context, encoder, runner: what it is written to, and by.
        round: its number. chunk_index: of its chunk. frame_count: of the whole chunk. frame_shape: (height, width, 3).
        plan: what memory allows it, once the context has been evicted for it; None before.
        frames: how many were encoded. grid, embeddings, kept: as `VisionEncoder.encode` gives them, of all of these.
        prefilled_before: `Runner.prefilled_tokens` when it was begun.
        stopwatch: its stage "ahead" is what was done before the chunk was complete.
    """

    context: Context
    encoder: VisionEncoder
    runner: Runner
    round: int
    chunk_index: int
    frame_count: int
    frame_shape: tuple[int, ...]
    plan: MemoryPlan | None = None
    frames: int = 0
    grid: TokenGrid = (0, 0, 0)
    embeddings: Tensor = field(default_factory=lambda: torch.empty(0))
    kept: bytes | None = None
    prefilled_before: int = field(init=False)
    stopwatch: Stopwatch = field(default_factory=Stopwatch)

    def __post_init__(self) -> None:
        self.prefilled_before = self.runner.prefilled_tokens

    def belongs_to(self, chunk: Chunk, frame_count: int) -> bool:
        """Whether it is the turn of that chunk, which has `frame_count` frames when it is complete."""
        mine = (self.chunk_index, self.frame_count, self.frame_shape)
        return mine == (chunk.index, frame_count, chunk.frames[0].shape)

    def encode(self, frames: Sequence[np.ndarray]) -> None:
        """Run the next frames of the chunk through the vision tower. The plan must be set."""
        assert self.plan is not None
        with self.stopwatch.stage("vision"):
            grid, embeddings, kept = self.encoder.encode(frames, self.plan.level, self._vision_window())
            if self.frames:
                grid = (self.grid[0] + grid[0], *grid[1:])
                embeddings = torch.cat((self.embeddings, embeddings))
                kept = None if self.kept is None or kept is None else self.kept + kept
            self.frames = self.frames + len(frames)
            self.grid = grid
            self.embeddings = embeddings
            self.kept = kept

    def write(self, chunk: Chunk, question: str = "", partial: bool = False) -> None:
        """Write what was encoded into the context; its tokens are pending.

        Args:
            chunk: with all its frames. partial: more of them will come.
        """
        self.context.write_turn(chunk, self.round, self.grid, question, self.kept, partial)
        self.context.embeddings.store(self.round, self.embeddings, self.context.ledger)

    def prefill_ahead(self, frames: Sequence[np.ndarray], expected: Chunk) -> bool:
        """Encode, write and prefill the next frames of a chunk that is not complete.

        Args:
            expected: the chunk with as many frames as it will have.

        Returns:
            False where the cache has no room for them: then all of the turn is rolled back.
        """
        self.encode(frames)
        with self.stopwatch.stage("prefill"):
            self.write(expected, partial=True)
            size = self.context.cache.size
            if size != size | self.context.size():
                self.rollback()
                return False
            self.runner.prefill()
            return True

    def rollback(self) -> None:
        """Take what was written and prefilled out of the context again."""
        if self.frames:
            self.context.rollback_round(self.round)
            self.encoder.forget()

    def _vision_window(self) -> VisionWindow:
        """Which rounds' vision tokens the context holds when this one is encoded."""
        context = self.context
        vision = (span.round for span in context.ledger.spans if span.kind is SpanKind.VISION)
        return VisionWindow(
            self.round, next(vision, self.round), context.windows.vision_rounds if context.evicts else 0
        )
