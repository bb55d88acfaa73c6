"""The memory ceiling of a stream: how large the cache may be, and what is given up to keep it so."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.cache.kv_cache import CacheSize
from core.engine.quality import QUALITY_LEVELS, QualityLevel


@dataclass(frozen=True, slots=True)
class MemoryLimit:
    """Bytes as the user set them, against what weights and KV cache take.

    Attributes:
        limit_bytes: most bytes for both; None: no ceiling.
        weight_bytes: of the weights. entry_bytes: of a token's rotated key and value. key_bytes: of a raw key.
    """

    limit_bytes: int | None
    weight_bytes: int
    entry_bytes: int
    key_bytes: int

    @property
    def most_bytes(self) -> float:
        """`limit_bytes`, infinite where there is none."""
        return math.inf if self.limit_bytes is None else self.limit_bytes

    def bytes_for(self, room: CacheSize) -> int:
        """What weights and a cache with that much room take."""
        room = room.rounded_to_block()
        return self.weight_bytes + room.tokens * self.entry_bytes + room.raw_keys * self.key_bytes

    def holds(self, room: CacheSize) -> bool:
        """Whether weights and a cache with that much room stay under the ceiling."""
        return self.bytes_for(room) <= self.most_bytes


@dataclass(frozen=True, slots=True)
class MemoryPlan:
    """What the engine works with under its ceiling.

    Attributes:
        level: how much of the pixels, frames and vision window asked for is used.
        evicting: a mode that keeps everything evicts all the same, as mode "streaming" does.
        needs_bytes: what even this needs, where that is above the ceiling, else 0.
    """

    level: QualityLevel = QUALITY_LEVELS[0]
    evicting: bool = False
    needs_bytes: int = 0

    def __str__(self) -> str:
        parts = ["the windows of mode streaming"] if self.evicting else []
        if self.level != QUALITY_LEVELS[0] or not parts:
            parts.append(str(self.level))
        if self.needs_bytes:
            parts.append(f"which still needs {math.ceil(self.needs_bytes / 1e6)} MB")
        return ", ".join(parts)
