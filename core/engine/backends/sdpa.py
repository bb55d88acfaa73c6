"""Attention by PyTorch's own `scaled_dot_product_attention`: on any device, in any number format."""

from __future__ import annotations

import torch
from torch import Tensor
from torch.nn import functional as F

from core.engine.backends.causal_mask import CausalMask

HALF_TYPES = (torch.bfloat16, torch.float16)


class SdpaAttention:
    """See `core.engine.backends.attention.DecodeAttention`."""

    name = "sdpa"

    def __init__(self) -> None:
        self._causal = CausalMask()

    def attend(self, q: Tensor, keys: Tensor, values: Tensor, stop: int) -> Tensor:
        """See `Attention.attend`."""
        heads, queries, _ = q.shape
        kv_heads = len(keys)
        keys = keys[None, :, :stop]
        values = values[None, :, :stop]
        if queries > 1 and q.is_cuda and q.dtype in HALF_TYPES:
            from torch.nn.attention.bias import causal_lower_right  # takes a second to import

            last = causal_lower_right(queries, stop)
            return F.scaled_dot_product_attention(q[None], keys, values, attn_mask=last, enable_gqa=True)[0]
        groups = heads // kv_heads
        grouped = q.reshape(1, kv_heads, groups * queries, -1)
        mask = self._causal.of(groups, queries, stop, q) if queries > 1 else None
        return F.scaled_dot_product_attention(grouped, keys, values, attn_mask=mask).reshape(q.shape)

    def decode(self, q: Tensor, keys: Tensor, values: Tensor, newest: Tensor, out: Tensor) -> None:
        """See `DecodeAttention.decode`. Reads the whole capacity: the length in use is known on the device only."""
        kv_heads, capacity, _ = keys.shape
        grouped = q.view(1, kv_heads, len(q) // kv_heads, -1)
        seen = torch.arange(capacity, device=q.device) <= newest
        mask = seen.expand(1, 1, grouped.shape[2], -1)
        out.copy_(F.scaled_dot_product_attention(grouped, keys[None], values[None], attn_mask=mask).view(out.shape))
