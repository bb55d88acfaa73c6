"""Causal attention within each sample of a pack, under a name of its own among transformers' implementations."""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional as F

PACKED = "courtside_packed"


def register() -> None:
    """Let transformers' models be loaded with `attn_implementation=PACKED`."""
    from transformers import AttentionInterface

    AttentionInterface.register(PACKED, packed_attention)


def packed_attention(
    module: nn.Module,
    query: Tensor,
    key: Tensor,
    value: Tensor,
    attention_mask: Tensor | None,
    scaling: float | None = None,
    lengths: tuple[int, ...] = (),
    **_: Any,
) -> tuple[Tensor, None]:
    """query (1, heads, tokens, d), key and value (1, kv_heads, tokens, d) -> (1, tokens, heads, d).

    Each sample has a call of its own, for which PyTorch has a fused causal kernel; a mask over the whole pack would
    have none, and would compute what it then hides. `lengths`: tokens of each sample; (): one.
    """
    parts = [part.split(lengths, 2) if lengths else (part,) for part in (query, key, value)]
    attended = [
        F.scaled_dot_product_attention(q, k, v, is_causal=True, scale=scaling, enable_gqa=q.shape[1] != k.shape[1])
        for q, k, v in zip(*parts, strict=True)
    ]
    return torch.cat(attended, 2).transpose(1, 2), None
