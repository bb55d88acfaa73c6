"""The memory limit of a stream: what a round needs, which quality that allows, and how large the cache is made."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field, replace

from core.cache.cache_size import CacheSize
from core.cache.policy import Windows
from core.engine.context import Context
from core.engine.stats import release_memory

GROWTH = 1.5  # reserved over needed, where the cache grows in steps


@dataclass(frozen=True, slots=True)
class QualityLevel:
    """Shares of what the user asked for.

    Attributes:
        pixels: share of the pixels of a frame. frames: share of the frames. vision: share of the vision window.
    """

    pixels: float = 1.0
    frames: float = 1.0
    vision: float = 1.0

    def __str__(self) -> str:
        parts = {"pixels": self.pixels, "frames": self.frames, "vision window": self.vision}
        return ", ".join(f"{share:.0%} of the {name}" for name, share in parts.items() if share < 1) or "everything"


QUALITY_LEVELS = (
    QualityLevel(),
    QualityLevel(pixels=0.5),
    QualityLevel(pixels=0.25),
    QualityLevel(pixels=0.25, frames=0.5),
    QualityLevel(pixels=0.25, frames=0.25),
    QualityLevel(pixels=0.25, frames=0.25, vision=0.5),
    QualityLevel(pixels=0.25, frames=0.25, vision=0.25),
    QualityLevel(pixels=0.25, frames=0.25, vision=0.125),
)
"""From best to worst: fewer pixels first, then fewer frames, then a shorter vision window."""


@dataclass(frozen=True, slots=True)
class MemoryLimit:
    """The user's limit on the bytes of weights and KV cache, and what both are made of.

    Attributes:
        limit_bytes: most bytes for both; None: no limit.
        weight_bytes: of the weights. entry_bytes: of a token's rotated key and value. raw_key_bytes: of a raw key.
    """

    limit_bytes: int | None
    weight_bytes: int
    entry_bytes: int
    raw_key_bytes: int

    @property
    def most_bytes(self) -> float:
        """`limit_bytes`, infinite where there is none."""
        return math.inf if self.limit_bytes is None else self.limit_bytes

    def bytes_for(self, size: CacheSize) -> int:
        """Bytes of the weights and of a cache of that size, as it is allocated."""
        size = size.rounded_to_block()
        return self.weight_bytes + size.tokens * self.entry_bytes + size.raw_keys * self.raw_key_bytes

    def allows(self, size: CacheSize) -> bool:
        """Whether the weights and a cache of that size stay within the limit."""
        return self.bytes_for(size) <= self.most_bytes


@dataclass(frozen=True, slots=True)
class RoundSize:
    """Tokens that a round may add to the context.

    Attributes:
        vision_tokens: of the chunk's grid, repeats included.
        text_tokens: at most, for markup, question and answer.
    """

    vision_tokens: int = 0
    text_tokens: int = 0


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """What a round works with under the memory limit. Plans of the same quality are equal, whatever their size.

    Attributes:
        level: how much of the pixels, frames and vision window asked for is used.
        evicting: a mode that evicts nothing evicts all the same, as mode "streaming" does.
        needs_bytes: what even this needs, where that is above the limit, else 0.
        size: of the round at that level.
    """

    level: QualityLevel = QUALITY_LEVELS[0]
    evicting: bool = False
    needs_bytes: int = 0
    size: RoundSize = field(default=RoundSize(), compare=False)

    def __str__(self) -> str:
        parts = ["the windows of mode streaming"] if self.evicting else []
        if self.level != QUALITY_LEVELS[0] or not parts:
            parts.append(str(self.level))
        if self.needs_bytes:
            parts.append(f"which still needs {math.ceil(self.needs_bytes / 1e6)} MB")
        return ", ".join(parts)


class MemoryPlanner:
    """Plans each round under the limit, and reserves the cache for it.

    Attributes:
        limit: the user's limit. current: the plan of the present round.
    """

    def __init__(self, context: Context, limit: MemoryLimit, in_steps: bool) -> None:
        """in_steps: the cache grows as it fills, because repeats are left out; else it is allocated once."""
        self.limit = limit
        self.current = MemoryPlan()
        self._context = context
        self._in_steps = in_steps

    def set_limit(self, limit_bytes: int | None) -> None:
        """Replace the limit; a mode that evicts nothing may do so again until that is found not to fit."""
        self.limit = replace(self.limit, limit_bytes=limit_bytes)
        self._context.evicts = self._context.mode.evicts

    def plan(self, size_at: Callable[[QualityLevel], RoundSize]) -> MemoryPlan:
        """The best level whose full cache stays within the limit, the worst one where none does.

        Args:
            size_at: the coming round's size at a level.
        """
        context = self._context
        for level in QUALITY_LEVELS:
            size = size_at(level)
            needed = self.limit.bytes_for(context.sizes.largest(size.vision_tokens, level.vision))
            if needed <= self.limit.most_bytes:
                break
        evicts = context.evicts or not self.limit.allows(context.size() + self._added(size))
        short = needed if needed > self.limit.most_bytes else 0
        return MemoryPlan(level, evicts and not context.mode.evicts, short, size)

    def can_prefill_ahead(self, plan: MemoryPlan) -> bool:
        """Whether a round with that plan evicts, uses all its frames, and changes nothing else."""
        return self._context.evicts and plan.level.frames == 1 and plan == self.current

    def adopt(self, plan: MemoryPlan) -> None:
        """Make a plan the current one."""
        context = self._context
        self.current = plan
        context.evicts = context.mode.evicts or plan.evicting
        context.windows = Windows.of(context.config, plan.level.vision)

    def fits(self, kept: CacheSize) -> bool:
        """Whether what is reserved for the tokens kept and for the coming round stays within the limit."""
        return self.limit.allows(self._reservation(kept + self._added(self.current.size)))

    def reserve(self, needed: CacheSize) -> range:
        """Make the cache large enough; what it has above the limit is released.

        Returns:
            Lengths of the cache that became possible, from half of the new capacity on; empty where it has not grown.
        """
        size = self._reservation(needed)
        cache = self._context.cache
        if not self.limit.allows(cache.size | size) and cache.shrink(size):
            release_memory(cache.values.device)
        before = cache.capacity
        cache.reserve(size)
        return range(max(before, size.tokens // 2), size.tokens) if cache.capacity > before else range(0)

    def _added(self, size: RoundSize) -> CacheSize:
        return CacheSize(size.text_tokens, size.text_tokens) + self._context.sizes.vision(size.vision_tokens)

    def _reservation(self, needed: CacheSize) -> CacheSize:
        """The most that will ever be needed, so that memory is taken once; what is needed now where nothing is evicted,
        or where the most is above the limit. With repeats left out the most is far more than is used: there the cache
        grows in steps towards it."""
        context = self._context
        if not context.evicts:
            return needed
        most = context.sizes.largest(self.current.size.vision_tokens, self.current.level.vision)
        if self._in_steps:
            most = most.at_most(context.cache.grown(needed, GROWTH))
        return needed | most if self.limit.allows(most) else needed
