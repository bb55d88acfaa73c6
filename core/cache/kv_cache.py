"""The KV cache: preallocated buffers for unrotated keys, rotated keys and values of the kept tokens.

Keys are kept unrotated, so that eviction can give the survivors new positions; they are rotated once per chunk.
Buffers have shape (layers, kv_heads, capacity, head_dim); entries [0, length) are in use, in any order: attention does
not ask for one.
"""

from __future__ import annotations

from importlib.util import find_spec

import numpy as np
import torch
from torch import Tensor

from core.cache.policy import Slice
from core.model.config import ModelConfig

HAS_TRITON = find_spec("triton") is not None  # it comes with a CUDA build of torch
GRAIN = 256  # capacity is a multiple of this many tokens


class KVCache:
    """Keys and values of the ledger's first `length` tokens.

    Attributes:
        keys: unrotated keys. rotated: keys at their present positions. values: values.
        length: tokens in use.
        settled: leading tokens whose rotated keys are those of their present positions.
        places: the entry of each token that was there at the last eviction; later ones lie behind them, in order.
    """

    def __init__(self, config: ModelConfig, device: torch.device, dtype: torch.dtype) -> None:
        shape = (config.layers, config.kv_heads, 0, config.head_dim)
        self.keys = torch.empty(shape, device=device, dtype=dtype)
        self.rotated, self.values = torch.empty_like(self.keys), torch.empty_like(self.keys)
        self.length = self.settled = 0
        self.places = np.arange(0)

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
        if tokens > self.capacity:
            self._resize(tokens)

    def shrink(self, tokens: int) -> bool:
        """Give back what `tokens` in all, and those in use, do not need. Whether there was anything."""
        tokens = max(tokens, self.length)
        if -(-tokens // GRAIN) * GRAIN >= self.capacity:
            return False
        self._resize(tokens)
        return True

    def _resize(self, tokens: int) -> None:
        """Move to buffers of that size, one after the other, so that only one is there twice."""
        room = -(-tokens // GRAIN) * GRAIN
        for name in ("keys", "rotated", "values"):
            old: Tensor = getattr(self, name)
            new = old.new_zeros((*old.shape[:2], room, old.shape[3]))
            new[:, :, : self.length] = old[:, :, : self.length]
            setattr(self, name, new)

    def compact(self, slices: list[Slice]) -> None:
        """Keep the tokens of `slices`, in that order. Only entries from the end move, into those given up."""
        places = self._places()
        places = np.concatenate([places[start:stop] for start, stop in slices] or [places[:0]])
        beyond = places >= len(places)
        if beyond.any():
            free = np.setdiff1d(np.arange(len(places)), places[~beyond], assume_unique=True)
            source, target = (torch.from_numpy(e).to(self.keys.device) for e in (places[beyond], free))
            for buffer in (self.keys, self.values):
                buffer.index_copy_(2, target, buffer.index_select(2, source))
            places[beyond] = free
        straight = np.flatnonzero(np.append(places, -1) != np.arange(len(places) + 1))[0]
        still = slices[0][1] if slices and slices[0][0] == 0 else 0
        self.places, self.length, self.settled = places, len(places), min(self.settled, still, int(straight))

    def settle(self, cos: Tensor, sin: Tensor) -> None:
        """Rotate the tokens [settled, length) for their positions. cos, sin: (length - settled, head_dim).

        In place, pass by pass, without a temporary, or on a GPU by one kernel: `core.model.rotary.rotate` is the plain
        twin of both.
        """
        order = torch.from_numpy(np.argsort(self._places()[self.settled :])).to(cos.device)
        cos, sin = cos.index_select(0, order), sin.index_select(0, order)  # of the entries as they lie
        if self.keys.is_cuda and HAS_TRITON:
            from core.cache.kernels import rotate_all

            rotate_all(self.keys, self.rotated, self.settled, cos, sin)
            self.settled = self.length
            return
        start, half = self.settled, self.keys.shape[-1] // 2
        first, second = self.keys[:, :, start : self.length].split(half, dim=-1)
        into_first, into_second = self.rotated[:, :, start : self.length].split(half, dim=-1)
        cos, sin = cos[:, :half], sin[:, :half]
        torch.mul(first, cos, out=into_first).addcmul_(second, sin, value=-1)
        torch.mul(second, cos, out=into_second).addcmul_(first, sin)
        self.settled = self.length

    def tokens(self, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """Copies of the keys (unrotated) and values of the tokens [start, stop): (layers, kv_heads, tokens, d)."""
        entries = torch.from_numpy(self._places()[start:stop]).to(self.keys.device)
        return self.keys.index_select(2, entries), self.values.index_select(2, entries)

    def _places(self) -> np.ndarray:
        """The entry of each token."""
        return np.concatenate((self.places, np.arange(len(self.places), self.length)))

    def write(self, layer: int, start: int, k: Tensor, rotated: Tensor, v: Tensor) -> None:
        """Write the entries of new tokens from `start` on. k, rotated, v: (kv_heads, tokens, head_dim).

        They count once `advance` is called, after all layers are written.
        """
        place = slice(start, start + k.shape[1])
        self.keys[layer, :, place] = k
        self.rotated[layer, :, place] = rotated
        self.values[layer, :, place] = v

    def advance(self, tokens: int) -> None:
        """Count the entries just written."""
        self.length += tokens
        self.settled = self.length

    def truncate(self, length: int) -> None:
        """Forget the tokens from `length` on; the buffers stay. Those before must not lie behind the others."""
        if (self.places[:length] >= length).any():
            raise AssertionError(f"of the first {length} tokens some lie in entries behind that")
        self.places = self.places[:length]
        self.length, self.settled = length, min(self.settled, length)

    def extend(self, keys: Tensor, values: Tensor) -> None:
        """Put entries that were cut off before behind those in use, not yet rotated. (layers, kv_heads, tokens, d)."""
        stop = self.length + keys.shape[2]
        self.reserve(stop)
        self.keys[:, :, self.length : stop], self.values[:, :, self.length : stop] = keys, values
        self.length = stop
