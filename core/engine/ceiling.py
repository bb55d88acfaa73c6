"""The memory ceiling of a stream: how large the cache may be, and what is given up to keep it so."""

from __future__ import annotations

import math
from dataclasses import dataclass

from core.cache.kv_cache import GRAIN
from core.engine.ladder import LADDER, Rung


@dataclass(frozen=True, slots=True)
class Ceiling:
    """Bytes as the user set them, in terms of cache entries.

    Attributes:
        limit_bytes: most bytes for weights and KV cache; None: no ceiling.
        weight_bytes: what the weights take. entry_bytes: what one entry of the cache takes.
    """

    limit_bytes: int | None
    weight_bytes: int
    entry_bytes: int

    @property
    def entries(self) -> float:
        """Most entries that the cache may have room for."""
        if self.limit_bytes is None:
            return math.inf
        return max(0, self.limit_bytes - self.weight_bytes) // self.entry_bytes // GRAIN * GRAIN

    def bytes_for(self, entries: int) -> int:
        """What weights and a cache with room for that many entries take."""
        return self.weight_bytes + -(-entries // GRAIN) * GRAIN * self.entry_bytes


@dataclass(frozen=True, slots=True)
class Economy:
    """What the engine works with under its ceiling.

    Attributes:
        rung: how much of the pixels, frames and vision window asked for is used.
        evicting: a mode that keeps everything evicts all the same, as mode "streaming" does.
        needs_bytes: what even this needs, where that is above the ceiling, else 0.
    """

    rung: Rung = LADDER[0]
    evicting: bool = False
    needs_bytes: int = 0

    def __str__(self) -> str:
        parts = ["the windows of mode streaming"] if self.evicting else []
        if self.rung != LADDER[0] or not parts:
            parts.append(str(self.rung))
        if self.needs_bytes:
            parts.append(f"which still needs {math.ceil(self.needs_bytes / 1e6)} MB")
        return ", ".join(parts)
