"""Attention of new tokens over the KV cache: a mask written out, or on a GPU flash attention, which needs none."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F
from torch.nn.attention.bias import causal_lower_right

from core.cache.kv_cache import KVCache
from core.model.rotary import rotate

FLASH_TYPES = (torch.bfloat16, torch.float16)


class CacheAttention:
    """Handed to the decoder for one run of new tokens; takes their keys and values into the cache on the way.

    Attributes:
        cos, sin: (tokens, head_dim), the rotation of the new tokens.
        start, stop: the entries of the cache that the new tokens fill.
    """

    def __init__(self, cache: KVCache, cos: Tensor, sin: Tensor) -> None:
        self.cache, self.cos, self.sin = cache, cos, sin
        tokens = cos.shape[0]
        self.start, self.stop = cache.length, cache.length + tokens
        self.mask = None
        self.flash = cos.is_cuda and cos.dtype in FLASH_TYPES
        if tokens > 1 and not self.flash:
            mask = torch.full((tokens, self.stop), -math.inf, device=cos.device, dtype=cos.dtype)
            self.mask = mask.triu(self.start + 1)

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q (1, heads, asking, head_dim) of the last tokens, k and v (1, kv_heads, tokens, head_dim) -> like q."""
        self.cache.write(layer, self.start, k[0], rotate(k[0], self.cos, self.sin), v[0])
        keys, values = self.cache.rotated[layer, :, : self.stop], self.cache.values[layer, :, : self.stop]
        asking = q.shape[2]
        q = rotate(q, self.cos[-asking:], self.sin[-asking:])
        mask: Tensor | None = None if self.mask is None else self.mask[-asking:]
        if self.flash and asking > 1:
            mask = causal_lower_right(asking, self.stop)
        return F.scaled_dot_product_attention(q, keys[None], values[None], attn_mask=mask, enable_gqa=True)
