"""Attention to the prefix that all queries of a prefill see, by cuDNN, whose kernel is faster than ours without a mask.

cuDNN takes 50 ms to plan a new shape. So it is given few shapes, and only those planned by `prepare_shapes`.
"""

from __future__ import annotations

import torch
from torch import Tensor

from core.engine.backends import torch_private

QUERY_PAD = 64  # many queries come in multiples of this
MIN_QUERIES = 256
MIN_PREFIX_TOKENS = 1024  # of a split; with fewer queries or keys it is not faster
PREFIX_BLOCK = 256
STEPS = 8  # keys of a split are a multiple of this; of long ones, of a power of two, at most an eighth of their number
AMPERE = (8, 0)


class CudnnPrefix:
    """The prefix lengths that cuDNN has a plan for."""

    def __init__(self, device: torch.device) -> None:
        self._available = torch_private.has_cudnn_attention() and torch.cuda.get_device_capability(device) >= AMPERE
        self._planned: set[tuple[int, ...]] = set()

    def prepare_shapes(self, q: Tensor, rotated: Tensor, values: Tensor, cached: range, splits: int) -> None:
        """Plan for queries of that shape over every number of `cached` keys. q: (heads, queries, head_dim)."""
        for per_split in {prefix_tokens(keys, splits) for keys in cached[::PREFIX_BLOCK]} - {0}:
            shape = q.shape[1], rotated.shape[1], per_split, splits
            if self._available and q.shape[1] >= MIN_QUERIES and shape not in self._planned:
                attend_prefix(q, rotated, values, per_split, splits)
                self._planned.add(shape)

    def tokens_per_split(self, queries: int, capacity: int, cached: int, splits: int) -> int:
        """How many of the `cached` keys, which all queries see, each split leaves to cuDNN; 0 without a plan."""
        per_split = prefix_tokens(cached, splits)
        return per_split if (queries, capacity, per_split, splits) in self._planned else 0


def prefix_tokens(cached: int, splits: int) -> int:
    """The same where everything is planned; 0 where it is not worth it."""
    per_split = cached // splits
    step = max(PREFIX_BLOCK, 1 << max(0, (per_split // STEPS).bit_length() - 1))
    return per_split // step * step if per_split >= MIN_PREFIX_TOKENS else 0


def attend_prefix(q: Tensor, rotated: Tensor, values: Tensor, per_split: int, splits: int) -> tuple[Tensor, Tensor]:
    """Attention of all queries over entries [0, per_split * splits), split by split.

    Args:
        q: (heads, queries, head_dim), rotated. rotated, values: (kv_heads, capacity, head_dim).

    Returns:
        (splits, kv_heads, queries of a KV head, head_dim), and natural logarithms of the softmax's sums, one a query.
    """
    grouped = q.view(1, len(rotated), -1, q.shape[2]).expand(splits, -1, -1, -1)
    stop = per_split * splits
    keys, vals = (t[:, :stop].unflatten(1, (splits, per_split)).transpose(0, 1) for t in (rotated, values))
    return torch_private.attention_with_lse(grouped, keys, vals)
