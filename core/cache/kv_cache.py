"""The KV cache: preallocated buffers for unrotated keys, rotated keys and values of the kept tokens.

Keys are kept unrotated, so that eviction can give the survivors new positions; those that move are rotated once per
chunk.
Buffers have shape (layers, kv_heads, capacity, head_dim); entries [0, length) are in use, in any order: attention does
not ask for one.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.cache.policy import Slice
from core.model.config import ModelConfig

GRAIN = 256  # capacity is a multiple of this many tokens
BUFFERS = ("keys", "rotated", "values")


@dataclass(frozen=True, slots=True)
class Entries:
    """Of some tokens, each (layers, kv_heads, tokens, head_dim): keys (unrotated), rotated keys and values."""

    keys: Tensor
    rotated: Tensor
    values: Tensor


class KVCache:
    """Keys and values of the ledger's first `length` tokens.

    Attributes:
        keys: unrotated keys. rotated: keys at their present positions. values: values.
        length: tokens in use.
        places: the entry of each token that was there at the last eviction; later ones lie behind them, in order.
    """

    def __init__(self, config: ModelConfig, device: torch.device, dtype: torch.dtype) -> None:
        shape = (config.layers, config.kv_heads, 0, config.head_dim)
        self.keys = torch.empty(shape, device=device, dtype=dtype)
        self.rotated, self.values = torch.empty_like(self.keys), torch.empty_like(self.keys)
        self.length = 0
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
        for name in BUFFERS:
            old: Tensor = getattr(self, name)
            new = old.new_zeros((*old.shape[:2], room, old.shape[3]))
            new[:, :, : self.length] = old[:, :, : self.length]
            setattr(self, name, new)

    def compact(self, slices: list[Slice], front: int = 0) -> None:
        """Keep the tokens of `slices`, in that order. Only as many entries move as gaps must be filled.

        Args:
            front: the first of them, which lie side by side afterwards, in any order, in entries [0, front).
        """
        places = self._places()
        places = np.concatenate([places[start:stop] for start, stop in slices] or [places[:0]])
        gone = self._misplaced(places[:front], 0, front), self._misplaced(places[front:], front, len(places))
        moving = np.concatenate((gone[0][0], front + gone[1][0]))
        if len(moving):
            target = np.concatenate((gone[0][1], gone[1][1]))
            source, into = (torch.from_numpy(e).to(self.keys.device) for e in (places[moving], target))
            for buffer in (self.keys, self.rotated, self.values):
                buffer.index_copy_(2, into, buffer.index_select(2, source))
            places[moving] = target
        self.places, self.length = places, len(places)

    @staticmethod
    def _misplaced(places: np.ndarray, start: int, stop: int) -> tuple[np.ndarray, np.ndarray]:
        """Which of `places` lie outside entries [start, stop), and the entries there that are free for them."""
        outside = (places < start) | (places >= stop)
        taken = np.zeros(stop - start, bool)
        taken[places[~outside] - start] = True
        return np.flatnonzero(outside), start + np.flatnonzero(~taken)

    def as_they_lie(self, tokens: np.ndarray) -> np.ndarray:
        """The same tokens in the order of their entries."""
        return tokens[self._places()[tokens].argsort()]

    def turn(self, tokens: np.ndarray, cos: Tensor, sin: Tensor) -> None:
        """Rotate the keys of some tokens anew. tokens: (n,) as they lie; cos, sin: (n, head_dim).

        Where they lie side by side, in place and without a temporary. `core.model.rotary.rotate` is the plain twin.
        """
        entries, half = self._places()[tokens], self.keys.shape[-1] // 2
        for run in np.split(np.arange(len(entries)), np.flatnonzero(np.diff(entries) != 1) + 1):
            if not len(run):
                continue
            place = slice(entries[run[0]], entries[run[-1]] + 1)
            keys, rotated = self.keys[:, :, place], self.rotated[:, :, place]
            c, s = cos[run[0] : run[-1] + 1], sin[run[0] : run[-1] + 1]
            torch.mul(keys, c, out=rotated)
            rotated[..., :half].addcmul_(keys[..., half:], s[:, :half], value=-1)
            rotated[..., half:].addcmul_(keys[..., :half], s[:, half:])

    def tokens(self, start: int, stop: int) -> Entries:
        """Copies of keys, rotated keys and values of the tokens [start, stop)."""
        entries = torch.from_numpy(self._places()[start:stop]).to(self.keys.device)
        return Entries(*(buffer.index_select(2, entries) for buffer in (self.keys, self.rotated, self.values)))

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

    def truncate(self, length: int) -> None:
        """Forget the tokens from `length` on; the buffers stay. Those before must not lie behind the others."""
        if (self.places[:length] >= length).any():
            raise AssertionError(f"of the first {length} tokens some lie in entries behind that")
        self.places = self.places[:length]
        self.length = length

    def extend(self, entries: Entries) -> None:
        """Put entries that were cut off before behind those in use."""
        stop = self.length + entries.keys.shape[2]
        self.reserve(stop)
        for name in BUFFERS:
            getattr(self, name)[:, :, self.length : stop] = getattr(entries, name)
        self.length = stop
