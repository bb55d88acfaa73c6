"""Attention by flash-attn (Dao 2023), the optional extra `gpu`: bf16 and fp16 on NVIDIA GPUs from Ampere on."""

from __future__ import annotations

from importlib.util import find_spec

from torch import Tensor


def is_installed() -> bool:
    """Whether the package is installed; it is not imported."""
    return find_spec("flash_attn") is not None


class FlashAttention:
    """See `core.engine.backends.attention.DecodeAttention`. Raises ImportError where it is not installed."""

    name = "flash"

    def __init__(self) -> None:
        from flash_attn import flash_attn_func, flash_attn_with_kvcache

        self._many = flash_attn_func
        self._one = flash_attn_with_kvcache

    def attend(self, q: Tensor, keys: Tensor, values: Tensor, stop: int) -> Tensor:
        """See `Attention.attend`. Like ours, its causal mask aligns queries with the last keys (from 2.1 on)."""
        own, seen, mixed = (t.transpose(0, 1)[None] for t in (q, keys[:, :stop], values[:, :stop]))
        return self._many(own, seen, mixed, causal=True)[0].transpose(0, 1)  # (1, queries, heads, d) to ours

    def decode(self, q: Tensor, keys: Tensor, values: Tensor, newest: Tensor, out: Tensor) -> None:
        """See `DecodeAttention.decode`."""
        seen, mixed = (t.transpose(0, 1)[None] for t in (keys, values))  # (1, capacity, kv_heads, d), nothing copied
        out.copy_(self._one(q[None, None], seen, mixed, cache_seqlens=newest + 1, causal=True)[0, 0])
