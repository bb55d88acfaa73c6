"""What a stream may use under its memory ceiling: how much of what was asked for, and how large its cache is made."""

from __future__ import annotations

from dataclasses import replace

from core.cache.kv_cache import CacheSize
from core.engine.context import KEEP_ALL, Context
from core.engine.memory_limit import MemoryLimit, MemoryPlan
from core.engine.quality import QualityLevel, best_level_within
from core.engine.vision_encoder import VisionEncoder
from core.types import Chunk

GROWTH = 1.5  # room reserved, of what is needed, where the most that may ever be needed is not reserved at once


class Budget:
    """Decides, and tells the context when not everything can be kept any more; reserves nothing itself.

    `text` is always the most tokens that a round may add besides its pictures.

    Attributes:
        ceiling: bytes, as the user set them. economy: what is used at present.
    """

    def __init__(self, context: Context, sight: VisionEncoder, memory_limit: MemoryLimit) -> None:
        self.memory_limit = memory_limit
        self.plan = MemoryPlan()
        self._context = context
        self._vision_encoder = sight

    def limit(self, limit_bytes: int | None) -> None:
        """Set the ceiling anew; a mode that keeps everything may do so again until it is found too low."""
        self.memory_limit = replace(self.memory_limit, limit_bytes=limit_bytes)
        self._context.keeps_all = self._context.mode in KEEP_ALL

    def plan_for(self, chunk: Chunk, text: int) -> MemoryPlan:
        """The highest level whose full cache stays under the ceiling, and whether everything can still be kept."""
        memory_limit = self.memory_limit
        context = self._context

        def needed(level: QualityLevel) -> int:
            return memory_limit.bytes_for(context.max_size(self._vision_encoder.tokens(chunk, level), level.vision))

        level = best_level_within(needed, memory_limit.most_bytes)
        if context.keeps_all and not memory_limit.holds(context.size() + self._coming(chunk, level, text)):
            context.keeps_all = False
        needs = needed(level)
        short = needs if needs > memory_limit.most_bytes else 0
        return MemoryPlan(level, context.mode in KEEP_ALL and not context.keeps_all, short)

    def fits(self, kept: CacheSize, chunk: Chunk, text: int) -> bool:
        """Whether what is reserved for these and for the coming round stays under the ceiling."""
        level = self.plan.level
        return self.memory_limit.holds(
            self.reserve_size(kept + self._coming(chunk, level, text), self._vision_encoder.tokens(chunk, level))
        )

    def reserve_size(self, needed: CacheSize, grid_tokens: int) -> CacheSize:
        """What to reserve: the most that will ever be needed, so that memory is taken once; what is needed now where
        nothing is evicted, or where that is not to be had. With repeats left out the most is far more than is used, so
        room grows in steps towards it."""
        if self._context.keeps_all:
            return needed
        most = self._context.max_size(grid_tokens, self.plan.level.vision)
        if self._vision_encoder.repeats is not None:
            most = most.at_most(self._context.cache.grown(needed, GROWTH))
        return needed | most if self.memory_limit.holds(most) else needed

    def _coming(self, chunk: Chunk, level: QualityLevel, text: int) -> CacheSize:
        """The most that the coming round may add."""
        return CacheSize(text, text) + self._context.vision_size(self._vision_encoder.tokens(chunk, level))
