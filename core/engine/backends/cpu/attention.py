"""Attention of many queries on a CPU: two oneDNN products a head, where PyTorch's own kernel is slower."""

from __future__ import annotations

import math
from collections.abc import Iterable

import torch
from torch import Tensor
from torch.nn import functional as F

from core.engine.backends.causal_mask import CausalMask
from core.engine.backends.cpu.linear import product

KEY_BLOCK = 128
QUERY_BLOCK = 32  # numbers of either are brought to multiples of these; the cache's BLOCK is one of the first
MIN_ROWS = 24  # queries to a KV head from which on two products are quicker than torch's flash attention on a CPU


class OnednnAttention:
    """See `core.engine.backends.attention.Attention`; float32."""

    name = "onednn"

    def __init__(self) -> None:
        self._future = torch.empty(0, 0)  # for the number of queries asked for last: all layers of a run ask for it
        self._causal = CausalMask()

    def attend(self, q: Tensor, keys: Tensor, values: Tensor, stop: int) -> Tensor:
        """See `Attention.attend`."""
        heads, queries, _ = q.shape
        kv_heads = len(keys)
        groups = heads // kv_heads
        grouped = q.reshape(kv_heads, groups * queries, -1)
        if groups * queries >= MIN_ROWS:
            if len(self._future) != queries:
                self._future = future_mask(queries, q)
            return attend_by_matmul(grouped, keys, values, stop, self._future).reshape(q.shape)
        mask = self._causal.of(groups, queries, stop, q) if queries > 1 else None
        attended = F.scaled_dot_product_attention(grouped[None], keys[None, :, :stop], values[None, :, :stop], mask)
        return attended.reshape(q.shape)

    def prepare_shapes(self, q: Tensor, keys: Tensor, values: Tensor, stops: Iterable[int]) -> None:
        """Have oneDNN make its code for `attend` over entries [0, stop), for each stop. q: (heads, queries, d)."""
        queries = q.shape[1]
        groups = len(q) // len(keys)
        if groups * queries < MIN_ROWS:
            return
        for stop in stops:
            attend_by_matmul(q[:groups].flatten(0, 1)[None], keys[:1], values[:1], stop, future_mask(queries, q))


def future_mask(queries: int, like: Tensor) -> Tensor:
    """(queries, queries + KEY_BLOCK): -inf where the key comes after the query, from the first query's own entry on;
    what is read behind the last entry is hidden, too."""
    return torch.full((queries, queries + KEY_BLOCK), -math.inf, dtype=like.dtype).triu(1)


def attend_by_matmul(q: Tensor, keys: Tensor, values: Tensor, stop: int, mask: Tensor) -> Tensor:
    """Causal attention over entries [0, stop) as two products a head.

    q: (kv_heads, groups * queries, d); keys, values: (kv_heads, capacity, d); mask: as `future_mask` gives it. It
    pads to few shapes: see `product`.
    """
    rows = q.shape[1]
    queries = len(mask)
    read = -(-stop // KEY_BLOCK) * KEY_BLOCK
    start = stop - queries
    short = -rows % QUERY_BLOCK
    scaled = q * q.shape[-1] ** -0.5
    mask = mask[:, : read - start]
    if short:
        scaled = F.pad(scaled, (0, 0, 0, short))
    attended = []
    for one, key, value in zip(scaled, keys[:, :read], values[:, :read], strict=True):
        scores = product(one, key)
        scores[:rows, start:].unflatten(0, (-1, queries)).add_(mask)
        attended.append(product(scores.softmax(dim=-1), value.t()))
    return torch.stack(attended)[:, :rows]
