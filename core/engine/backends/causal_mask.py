"""The additive causal mask of the last tokens of a sequence, for kernels whose causal flag starts at the first key."""

from __future__ import annotations

import math

import torch
from torch import Tensor


class CausalMask:
    """Keeps the last one made: all layers of a run use the same."""

    def __init__(self) -> None:
        self._made = torch.empty(0)
        self._made_for: tuple[object, ...] = ()

    def of(self, groups: int, queries: int, stop: int, like: Tensor) -> Tensor:
        """(groups * queries, stop): -inf where the key comes after the query, `groups` heads of queries on end."""
        wanted = groups, queries, stop, like.device, like.dtype
        if wanted != self._made_for:
            hidden = torch.full((queries, stop), -math.inf, device=like.device, dtype=like.dtype)
            self._made = torch.cat([hidden.triu(stop - queries + 1)] * groups)
            self._made_for = wanted
        return self._made
