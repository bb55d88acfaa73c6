"""The KV cache: preallocated buffers for unrotated keys, rotated keys and values of the kept tokens.

Keys are kept unrotated, so that eviction can give the survivors new positions; they are rotated once per chunk.
Buffers have shape (layers, kv_heads, capacity, head_dim); entries [0, length) are in use.
"""

from __future__ import annotations

import torch
from torch import Tensor

from core.cache.policy import Slice
from core.model.config import ModelConfig
from core.model.rotary import rotate

_GRAIN = 256  # capacity is a multiple of this many tokens


class KVCache:
    """Keys and values of the ledger's first `length` tokens.

    Attributes:
        keys: unrotated keys. rotated: keys at their present positions. values: values.
        length: tokens in use.
    """

    def __init__(self, config: ModelConfig, device: torch.device, dtype: torch.dtype) -> None:
        shape = (config.layers, config.kv_heads, 0, config.head_dim)
        self.keys = torch.empty(shape, device=device, dtype=dtype)
        self.rotated, self.values = torch.empty_like(self.keys), torch.empty_like(self.keys)
        self.length = 0

    @property
    def capacity(self) -> int:
        """Tokens that fit without growing."""
        return self.keys.shape[2]

    @property
    def allocated_bytes(self) -> int:
        """Bytes of the three buffers."""
        return 3 * self.keys.numel() * self.keys.element_size()

    def reserve(self, tokens: int) -> None:
        """Make room for `tokens` in all. Does nothing where there is room; else allocates anew and copies."""
        if tokens <= self.capacity:
            return
        room = -(-tokens // _GRAIN) * _GRAIN
        for name in ("keys", "rotated", "values"):
            old: Tensor = getattr(self, name)
            new = old.new_zeros((*old.shape[:2], room, old.shape[3]))
            new[:, :, : self.length] = old[:, :, : self.length]
            setattr(self, name, new)

    def compact(self, slices: list[Slice]) -> None:
        """Keep the entries of `slices`, in that order. Entries in front of the first gap do not move."""
        still = slices[0][1] if slices and slices[0][0] == 0 else 0
        moving = slices[1:] if still else slices
        length = still + sum(stop - start for start, stop in moving)
        if moving:
            order = torch.cat([torch.arange(start, stop) for start, stop in moving]).to(self.keys.device)
            for buffer in (self.keys, self.values):
                buffer[:, :, still:length] = buffer.index_select(2, order)
        self.length = length

    def rotate_kept(self, cos: Tensor, sin: Tensor) -> None:
        """Rotate all entries in use for their new positions. cos, sin: (length, head_dim)."""
        kept = slice(0, self.length)
        self.rotated[:, :, kept] = rotate(self.keys[:, :, kept], cos, sin)

    def write(self, layer: int, start: int, k: Tensor, rotated: Tensor, v: Tensor) -> None:
        """Write the entries of new tokens from `start` on. k, rotated, v: (kv_heads, tokens, head_dim).

        `length` is moved by the caller, once all layers are written.
        """
        place = slice(start, start + k.shape[1])
        self.keys[layer, :, place] = k
        self.rotated[layer, :, place] = rotated
        self.values[layer, :, place] = v

    def clear(self) -> None:
        """Forget all entries; the buffers stay."""
        self.length = 0
