"""What all of many tokens see, attended to by cuDNN: most of the cache, and cuDNN's kernel is quicker than ours.

It plans 50 ms for every shape. So it is given few shapes, and only such as were planned for before they were due.
"""

from __future__ import annotations

import torch
from torch import Tensor

from core.engine.backends import torch_private

QUERY_PAD = 64  # many queries come in multiples of this
MIN_QUERIES = 256
MIN_PREFIX_TOKENS = 1024  # queries, and keys of a part, from which on it is worth it
PREFIX_BLOCK = 256
STEPS = 8  # a part is a multiple of this many keys, and of a power of two up to an eighth of it
AMPERE = (8, 0)


class CudnnPrefix:
    """Knows which shapes cuDNN has planned for."""

    def __init__(self, device: torch.device) -> None:
        self._there = torch_private.has_cudnn_attention() and torch.cuda.get_device_capability(device) >= AMPERE
        self._met: set[tuple[int, ...]] = set()

    def prepare_shapes(self, q: Tensor, rotated: Tensor, values: Tensor, old: range, parts: int) -> None:
        """Plan for queries of that shape over every number of `old` keys. q: (heads, queries, head_dim)."""
        for share in {prefix_tokens(keys, parts) for keys in old[::PREFIX_BLOCK]} - {0}:
            shape = q.shape[1], rotated.shape[1], share, parts
            if self._there and q.shape[1] >= MIN_QUERIES and shape not in self._met:
                attend_prefix(q, rotated, values, share, parts)
                self._met.add(shape)

    def share(self, queries: int, capacity: int, old: int, parts: int) -> int:
        """How many of `old` keys, which all queries see, each part may have; 0 where nothing was planned for."""
        share = prefix_tokens(old, parts)
        return share if (queries, capacity, share, parts) in self._met else 0


def prefix_tokens(old: int, parts: int) -> int:
    """How many keys of `old` ones each of the parts gets; 0: none is worth it."""
    share = old // parts
    grain = max(PREFIX_BLOCK, 1 << max(0, (share // STEPS).bit_length() - 1))
    return share // grain * grain if share >= MIN_PREFIX_TOKENS else 0


def attend_prefix(q: Tensor, rotated: Tensor, values: Tensor, share: int, parts: int) -> tuple[Tensor, Tensor]:
    """Attention of all queries over entries [0, share * parts), part by part.

    Args:
        q: (heads, queries, head_dim), rotated. rotated, values: (kv_heads, capacity, head_dim).

    Returns:
        (parts, kv_heads, queries of a KV head, head_dim), and logarithms of the sums, one for each query.
    """
    fold = q.view(1, len(rotated), -1, q.shape[2]).expand(parts, -1, -1, -1)
    keys, mixed = (t[:, : share * parts].unflatten(1, (parts, share)).transpose(0, 1) for t in (rotated, values))
    return torch_private.attention_with_lse(fold, keys, mixed)
