"""Attention without a cache, and the plain reference every faster way is tested against."""

from __future__ import annotations

import math

import torch
from torch import Tensor
from torch.nn import functional as F

from core.model.rotary import rotate


def plain(q: Tensor, k: Tensor, v: Tensor, causal: bool) -> Tensor:
    """softmax(q k^T / sqrt(d)) v written out. q: (..., heads, queries, d); k, v: (..., kv_heads, keys, d).

    With `causal`, query i of Q sees keys 0 .. K - Q + i: the queries are the last Q of the K tokens.
    """
    groups = q.shape[-3] // k.shape[-3]
    k = k.repeat_interleave(groups, dim=-3)
    v = v.repeat_interleave(groups, dim=-3)
    scores = (q @ k.transpose(-1, -2)).float() / math.sqrt(q.shape[-1])
    if causal:
        queries = q.shape[-2]
        keys = k.shape[-2]
        hidden = torch.ones(queries, keys, dtype=torch.bool, device=q.device).triu(keys - queries + 1)
        scores = scores.masked_fill(hidden, -math.inf)
    return scores.softmax(dim=-1).to(v.dtype) @ v


class CausalAttention:
    """Full causal attention over one sequence (or a batch padded on the right): training and parity tests.

    Attributes:
        cos, sin: (..., 1, tokens, head_dim), the rotation of the tokens given.
    """

    def __init__(self, cos: Tensor, sin: Tensor) -> None:
        self.cos = cos.unsqueeze(-3)
        self.sin = sin.unsqueeze(-3)

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q: (batch, heads, tokens, head_dim), k and v: (batch, kv_heads, tokens, head_dim), unrotated."""
        cos = self.cos.to(q.dtype)
        sin = self.sin.to(q.dtype)
        q = rotate(q, cos, sin)
        k = rotate(k, cos, sin)
        return F.scaled_dot_product_attention(q, k, v, is_causal=True, enable_gqa=True)
