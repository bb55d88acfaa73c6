"""The KV cache: preallocated buffers for rotated keys and values of the kept tokens, and for some keys unrotated.

A key whose distance to the newest one was changed by an eviction is rotated anew, once per chunk, from its raw
(unrotated) copy. Where a round's vision tokens are kept no longer than its words, only text moves, and only text has
raw keys. Rotated keys and values have shape (layers, kv_heads, capacity, head_dim), raw keys (layers, kv_heads,
raw_key_capacity, head_dim): entries [0, length) and slots [0, raw_key_length) are in use, in any order, which
attention does not depend on.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from core.cache.cache_size import CacheSize
from core.cache.policy import Slice
from core.cache.slot_table import ENTRY, SLOT, SlotTable
from core.model.config import ModelConfig
from core.model.rotary import rotate

MIN_IN_PLACE = 64  # tokens of a run that are rotated in place; shorter runs are gathered
MAX_COPIES = 16  # runs that are copied one by one; more are moved by one gather


@dataclass(frozen=True, slots=True)
class Entries:
    """Copies of keys and values of some tokens: `rotated`, `values` (layers, kv_heads, tokens, head_dim).

    Attributes:
        has_raw_key: (tokens,) bool, which of them have raw keys. raw_keys: these, (layers, kv_heads, n, head_dim).
    """

    rotated: Tensor
    values: Tensor
    has_raw_key: np.ndarray
    raw_keys: Tensor


class KVCache:
    """Keys and values of the ledger's first `length` tokens.

    Attributes:
        rotated: keys, rotated to their present positions. values: values. raw_keys: keys before rotation.
        slots: the entry of each token, and the slot of its raw key.
    """

    def __init__(self, config: ModelConfig, device: torch.device, dtype: torch.dtype) -> None:
        shape = (config.layers, config.kv_heads, 0, config.head_dim)
        self.raw_keys = torch.empty(shape, device=device, dtype=dtype)
        self.rotated = torch.empty_like(self.raw_keys)
        self.values = torch.empty_like(self.raw_keys)
        self.slots = SlotTable()

    @property
    def length(self) -> int:
        """Tokens in use, and the entry of the next one."""
        return self.slots.length

    @property
    def raw_key_length(self) -> int:
        """Raw keys in use, and the slot of the next one."""
        return self.slots.raw_key_length

    @property
    def capacity(self) -> int:
        """Tokens that are allocated."""
        return self.rotated.shape[2]

    @property
    def raw_key_capacity(self) -> int:
        """Raw keys that are allocated."""
        return self.raw_keys.shape[2]

    @property
    def size(self) -> CacheSize:
        """What is allocated."""
        return CacheSize(self.capacity, self.raw_key_capacity)

    def grown(self, needed: CacheSize, factor: float) -> CacheSize:
        """The allocated size, or `factor` times what is needed where that is more."""
        tokens = self.capacity if needed.tokens <= self.capacity else int(factor * needed.tokens)
        fits = needed.raw_keys <= self.raw_key_capacity
        return CacheSize(tokens, self.raw_key_capacity if fits else int(factor * needed.raw_keys))

    @property
    def allocated_bytes(self) -> int:
        """Bytes of the three buffers."""
        return self.raw_keys.nbytes + self.rotated.nbytes + self.values.nbytes

    def reserve(self, size: CacheSize) -> bool:
        """Allocate at least that size; what is in use is copied. Whether it had to."""
        return self._resize(size.rounded_to_block() | self.size)

    def shrink(self, size: CacheSize) -> bool:
        """Free what neither that size nor the tokens in use need. Whether there was anything."""
        size = (size | CacheSize(self.length, self.raw_key_length)).rounded_to_block()
        return self._resize(size.at_most(self.size))

    def _resize(self, size: CacheSize) -> bool:
        """Move to buffers of that size, one after the other, so that only one exists twice at a time."""
        if size == self.size:
            return False
        buffers = (("rotated", self.length, size.tokens), ("values", self.length, size.tokens))
        for name, used, capacity in (*buffers, ("raw_keys", self.raw_key_length, size.raw_keys)):
            old: Tensor = getattr(self, name)
            if capacity != old.shape[2]:
                new = old.new_zeros((*old.shape[:2], capacity, old.shape[3]))
                new[:, :, :used] = old[:, :, :used]
                setattr(self, name, new)
        self.slots.resize(size.tokens)
        return True

    def compact(self, slices: list[Slice], front: int = 0) -> None:
        """Keep the tokens of `slices`, in that order. Only tokens that fill freed entries are copied.

        Args:
            front: number of first tokens, all with raw keys, that are brought to entries [0, front), in any order,
                and to the same slots.
        """
        old, new = self.slots.compact(slices, front)
        _move(old[ENTRY], new[ENTRY], self.rotated, self.values)
        _move(old[SLOT], new[SLOT], self.raw_keys)

    def rotate_keys(self, tokens: np.ndarray, cos: Tensor, sin: Tensor) -> None:
        """Rotate raw keys of some tokens into place. tokens: (n,) in entry order; cos, sin: (n, head_dim).

        Runs of neighbours are rotated in place, without a temporary. `core.model.rotary.rotate` is the reference.
        """
        where = self.slots.at(tokens)
        half = self.raw_keys.shape[3] // 2
        few = np.zeros(len(tokens), bool)
        for start, stop in _runs(where):
            if stop - start < MIN_IN_PLACE:
                few[start:stop] = True
                continue
            entry, slot = where[:, start].tolist()
            keys = self.raw_keys.narrow(2, slot, stop - start)
            rotated = self.rotated.narrow(2, entry, stop - start)
            c = cos[start:stop]
            s = sin[start:stop]
            torch.mul(keys, c, out=rotated)
            rotated[..., :half].addcmul_(keys[..., half:], s[:, :half], value=-1)
            rotated[..., half:].addcmul_(keys[..., :half], s[:, half:])
        if len(rest := np.flatnonzero(few)):
            entries, slots, which = (on_device(cos.device, n) for n in (*where[:, rest], rest))
            keys = self.raw_keys.index_select(2, slots)
            self.rotated.index_copy_(2, entries, rotate(keys, cos[which], sin[which]))

    def rerotate_keys(self, tokens: np.ndarray, cos: Tensor, sin: Tensor) -> None:
        """Rotate the rotated keys of some tokens further, by float32 cos and sin (n, head_dim).

        For those without a raw key; it rounds once more than `rotate_keys`.
        """
        entries = on_device(cos.device, self.slots.at(tokens)[ENTRY])
        keys = rotate(self.rotated.index_select(2, entries).float(), cos, sin)
        self.rotated.index_copy_(2, entries, keys.to(self.rotated.dtype))

    def tokens(self, start: int, stop: int) -> Entries:
        """Copies of the tokens [start, stop)."""
        entries, slots = self.slots.at(slice(start, stop))
        has_raw_key = slots >= 0
        at, keys = (on_device(self.raw_keys.device, n) for n in (entries, slots[has_raw_key]))
        rotated = self.rotated.index_select(2, at)
        values = self.values.index_select(2, at)
        return Entries(rotated, values, has_raw_key, self.raw_keys.index_select(2, keys))

    def write(self, layer: int, k: Tensor, rotated: Tensor, v: Tensor, raw_key_tokens: Tensor | None = None) -> None:
        """Write one layer of new tokens after those in use. k, rotated, v: (kv_heads, tokens, head_dim).

        They are in use once `advance` is called, after all layers are written.

        Args:
            raw_key_tokens: (n,) int64, the tokens whose raw keys are kept; None: all.
        """
        place = slice(self.length, self.length + k.shape[1])
        k = k if raw_key_tokens is None else k.index_select(1, raw_key_tokens)
        self.rotated[layer, :, place] = rotated
        self.values[layer, :, place] = v
        self.raw_keys[layer, :, self.raw_key_length : self.raw_key_length + k.shape[1]] = k

    def advance(self, tokens: int, raw_key_tokens: np.ndarray | None = None) -> None:
        """Take into use the tokens that `write` has put into entries [length, length + tokens).

        Args:
            raw_key_tokens: (n,) those whose raw keys were written to the slots from `raw_key_length` on; None: all.
        """
        stop = self.length + tokens
        keys = self.raw_key_length + (tokens if raw_key_tokens is None else len(raw_key_tokens))
        if stop > self.capacity or keys > self.raw_key_capacity:
            raise AssertionError(f"{stop} tokens, {keys} raw keys do not fit {self.size}")
        self.slots.append(tokens, raw_key_tokens)

    def truncate(self, length: int) -> None:
        """Drop the tokens from `length` on; the buffers stay. Their entries must be the last ones."""
        self.slots.truncate(length)

    def extend(self, entries: Entries) -> None:
        """Append copies that `tokens` has made."""
        more = CacheSize(len(entries.has_raw_key), entries.raw_keys.shape[2])
        self.reserve(CacheSize(self.length, self.raw_key_length) + more)
        place = slice(self.length, self.length + more.tokens)
        self.rotated[:, :, place] = entries.rotated
        self.values[:, :, place] = entries.values
        self.raw_keys[:, :, self.raw_key_length : self.raw_key_length + more.raw_keys] = entries.raw_keys
        self.advance(more.tokens, np.flatnonzero(entries.has_raw_key))


def _move(old: np.ndarray, new: np.ndarray, *buffers: Tensor) -> None:
    """Copy tokens whose place changes from `old` to `new`.

    Run by run, or by one gather where there are many runs or one would be overwritten before it is read.
    """
    places = np.stack((old, new))[:, old != new]
    runs = _runs(places)
    number = np.repeat(np.arange(len(runs)), [stop - start for start, stop in runs])
    read = np.full(1 + places.max(initial=0), -1)  # by which run
    read[places[0]] = number
    if len(runs) > MAX_COPIES or (read[places[1]] >= number).any():
        source, target = (on_device(buffers[0].device, side) for side in places)
        for buffer in buffers:
            buffer.index_copy_(2, target, buffer.index_select(2, source))
        return
    sources, targets = places[:, [start for start, _ in runs]].tolist()
    for source, target, (start, stop) in zip(sources, targets, runs, strict=True):
        for buffer in buffers:
            buffer.narrow(2, target, stop - start).copy_(buffer.narrow(2, source, stop - start))


def _runs(places: np.ndarray) -> list[Slice]:
    """[start, stop) of the runs in which both rows of (2, n) places count up by one."""
    ends = 1 + np.flatnonzero((np.diff(places) != 1).any(0))
    return [(start, stop) for start, stop in pairwise([0, *ends.tolist(), places.shape[1]]) if start < stop]


def on_device(device: torch.device, numbers: np.ndarray) -> Tensor:
    """Copy an array to a device without synchronising with it."""
    return torch.from_numpy(numbers).to(device, non_blocking=True)
