"""Attention of new tokens over the KV cache, by what is quickest where they are and for as many as there are."""

from __future__ import annotations

import math
from collections.abc import Iterable

import numpy as np
import torch
from torch import Tensor
from torch.nn import functional as F

from core.cache.kv_cache import KVCache, on_device
from core.model.linear import HAS_ONEDNN, product
from core.model.rotary import rotate

FLASH_TYPES = (torch.bfloat16, torch.float16)
ENTRIES = 128
QUERIES = 32  # their numbers are brought to multiples of these; the cache's BLOCK is one of the first
MANY = 24  # queries to a KV head from which on two products are quicker than torch's flash attention on a CPU


class CacheAttention:
    """Handed to the decoder for one run of new tokens; takes their keys and values into the cache on the way.

    Attributes:
        cos, sin: (tokens, head_dim), the rotation of the new tokens.
        stop: tokens in the cache, the new ones included.
        raw_key_tokens: (n,) int64, the new tokens whose raw keys are kept; None: all.
    """

    def __init__(self, cache: KVCache, cos: Tensor, sin: Tensor, raw_key_tokens: np.ndarray | None = None) -> None:
        self.cache = cache
        self.cos = cos
        self.sin = sin
        self.stop = cache.length + cos.shape[0]
        self.raw_key_tokens = None if raw_key_tokens is None else on_device(cos.device, raw_key_tokens)
        self._flash = cos.is_cuda and cos.dtype in FLASH_TYPES
        self._products = has_onednn_attention(cos)
        self._hidden: dict[int, Tensor] = {}  # by how many ask, for all layers

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q (1, heads, asking, head_dim) of the last tokens, k and v (1, kv_heads, tokens, head_dim) -> like q."""
        heads = q.shape[1]
        asking = q.shape[2]
        kv_heads = k.shape[1]
        if asking == k.shape[2]:  # in one go: for few tokens every operation counts
            turned, rotated = rotate(torch.cat((q[0], k[0])), self.cos, self.sin).split((heads, kv_heads))
        else:
            turned = rotate(q[0], self.cos[-asking:], self.sin[-asking:])
            rotated = rotate(k[0], self.cos, self.sin)
        self.cache.write(layer, k[0], rotated, v[0], self.raw_key_tokens)
        room_k = self.cache.rotated[layer]
        room_v = self.cache.values[layer]
        keys = room_k[None, :, : self.stop]
        values = room_v[None, :, : self.stop]
        if self._flash and asking > 1:
            from torch.nn.attention.bias import causal_lower_right  # takes a second to import

            seen = causal_lower_right(asking, self.stop)
            return F.scaled_dot_product_attention(turned[None], keys, values, attn_mask=seen, enable_gqa=True)
        groups = heads // kv_heads
        grouped = turned.reshape(kv_heads, groups * asking, -1)
        products = self._products and groups * asking >= MANY
        if asking not in self._hidden and (products or asking > 1):
            self._hidden[asking] = unseen(asking, q) if products else ahead(asking, self.stop, groups, q)
        hidden = self._hidden.get(asking)
        if products and hidden is not None:
            attended = attend_by_matmul(grouped, room_k, room_v, self.stop, hidden)
        else:
            attended = F.scaled_dot_product_attention(grouped[None], keys, values, attn_mask=hidden)
        return attended.reshape(q.shape)


def has_onednn_attention(like: Tensor) -> bool:
    """Whether many queries attend by two products where such tensors are."""
    return HAS_ONEDNN and not like.is_cuda and like.dtype == torch.float32


def ahead(asking: int, keys: int, groups: int, like: Tensor) -> Tensor:
    """(groups * asking, keys): -inf where the key stands behind the query; the queries are the last of the tokens."""
    hidden = torch.full((asking, keys), -math.inf, device=like.device, dtype=like.dtype)
    return torch.cat([hidden.triu(keys - asking + 1)] * groups)


def unseen(asking: int, like: Tensor) -> Tensor:
    """(asking, asking + ENTRIES): the same for the entries of those that ask, and for all that are read behind."""
    return torch.full((asking, asking + ENTRIES), -math.inf, device=like.device, dtype=like.dtype).triu(1)


def attend_by_matmul(q: Tensor, keys: Tensor, values: Tensor, stop: int, hidden: Tensor) -> Tensor:
    """Causal attention over entries [0, stop) as two products a head.

    q: (kv_heads, groups * asking, d); keys, values: (kv_heads, capacity, d); hidden: as `unseen` gives it. Few
    shapes are met: see `product`.
    """
    rows = q.shape[1]
    asking = len(hidden)
    read = -(-stop // ENTRIES) * ENTRIES
    start = stop - asking
    short = -rows % QUERIES
    asked = q * q.shape[-1] ** -0.5
    hidden = hidden[:, : read - start]
    if short:
        asked = F.pad(asked, (0, 0, 0, short))
    attended = []
    for one, key, value in zip(asked, keys[:, :read], values[:, :read], strict=True):
        scores = product(one, key)
        scores[:rows, start:].unflatten(0, (-1, asking)).add_(hidden)
        attended.append(product(scores.softmax(dim=-1), value.t()))
    return torch.stack(attended)[:, :rows]


def prepare_matmul_shapes(q: Tensor, keys: Tensor, values: Tensor, stops: Iterable[int]) -> None:
    """Have oneDNN make its code for attention as in `attend_by_matmul` over entries [0, stop), for each stop."""
    groups = q.shape[1] // len(keys)
    asking = q.shape[2]
    if groups * asking < MANY:
        return
    for stop in stops:
        attend_by_matmul(q[0, :groups].flatten(0, 1)[None], keys[:1], values[:1], stop, unseen(asking, q))
