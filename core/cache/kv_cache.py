"""The KV cache: preallocated buffers for rotated keys and values of the kept tokens, and for some keys unrotated.

A key that an eviction has moved away from the newest one is rotated anew, once per chunk, from an unrotated copy. Text
alone is moved where pictures stay no longer than the words beside them, so then only text has such copies.
Rotated keys and values have shape (layers, kv_heads, capacity, head_dim), raw keys (layers, kv_heads,
raw_key_capacity, head_dim): entries [0, length) and slots [0, raw_key_length) are in use, in any order: attention does
not ask for one.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from core.cache.cache_size import CacheSize
from core.cache.policy import Slice
from core.model.config import ModelConfig
from core.model.rotary import rotate

LONG = 64  # so many tokens side by side are turned in place, fewer are gathered
MANY = 16  # in more runs than this tokens are moved all at once
ENTRY = 0
SLOT = 1


@dataclass(frozen=True, slots=True)
class Entries:
    """Of some tokens, rotated keys and values (layers, kv_heads, tokens, head_dim).

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
        rotated: keys at their present positions. values: values. raw_keys: keys before rotation.
        length: tokens in use, and the entry of the next one.
        raw_key_length: raw keys in use, and the slot of the next one.
    """

    def __init__(self, config: ModelConfig, device: torch.device, dtype: torch.dtype) -> None:
        shape = (config.layers, config.kv_heads, 0, config.head_dim)
        self.raw_keys = torch.empty(shape, device=device, dtype=dtype)
        self.rotated = torch.empty_like(self.raw_keys)
        self.values = torch.empty_like(self.raw_keys)
        self.length = self.raw_key_length = 0
        self._where = np.zeros((2, 0), np.int64)  # entry of each token, and slot or -1

    @property
    def capacity(self) -> int:
        """Tokens that fit without growing."""
        return self.rotated.shape[2]

    @property
    def raw_key_capacity(self) -> int:
        """Raw keys that fit without growing."""
        return self.raw_keys.shape[2]

    @property
    def size(self) -> CacheSize:
        """What fits without growing."""
        return CacheSize(self.capacity, self.raw_key_capacity)

    def grown(self, needed: CacheSize, step: float) -> CacheSize:
        """The present room, or `step` times what is needed where that is more."""
        tokens = self.capacity if needed.tokens <= self.capacity else int(step * needed.tokens)
        fits = needed.raw_keys <= self.raw_key_capacity
        return CacheSize(tokens, self.raw_key_capacity if fits else int(step * needed.raw_keys))

    @property
    def allocated_bytes(self) -> int:
        """Bytes of the three buffers."""
        return self.raw_keys.nbytes + self.rotated.nbytes + self.values.nbytes

    def reserve(self, room: CacheSize) -> bool:
        """Make room for so much in all. Where there is not, allocates anew and copies. Whether it did."""
        return self._resize(room.rounded_to_block() | self.size)

    def shrink(self, room: CacheSize) -> bool:
        """Give back what so much in all, and what is in use, do not need. Whether there was anything."""
        room = (room | CacheSize(self.length, self.raw_key_length)).rounded_to_block()
        return self._resize(room.at_most(self.size))

    def _resize(self, room: CacheSize) -> bool:
        """Move to buffers of that size, one after the other, so that only one is there twice."""
        if room == self.size:
            return False
        sizes = (("rotated", self.length, room.tokens), ("values", self.length, room.tokens))
        for name, used, size in (*sizes, ("raw_keys", self.raw_key_length, room.raw_keys)):
            old: Tensor = getattr(self, name)
            if size != old.shape[2]:
                new = old.new_zeros((*old.shape[:2], size, old.shape[3]))
                new[:, :, :used] = old[:, :, :used]
                setattr(self, name, new)
        where = np.zeros((2, room.tokens), np.int64)
        where[:, : self.length] = self._where[:, : self.length]
        self._where = where
        return True

    def compact(self, slices: list[Slice], front: int = 0) -> None:
        """Keep the tokens of `slices`, in that order. Only as much moves as gaps must be filled.

        Args:
            front: the first of them, all with raw keys; afterwards these lie side by side, in any order, in
                entries [0, front) and in the same slots.
        """
        old = np.concatenate([self._where[:, start:stop] for start, stop in slices] or [self._where[:, :0]], axis=1)
        new = old.copy()
        tokens = old.shape[1]
        if (old[SLOT, :front] < 0).any():
            raise AssertionError(f"of the first {front} tokens some have no raw key")
        behind = front + np.flatnonzero(old[SLOT, front:] >= 0)
        new[ENTRY] = _filled(old[ENTRY], front)
        new[SLOT, :front] = new[ENTRY, :front]
        new[SLOT, behind] = front + _filled(old[SLOT, behind] - front)
        _move(old[ENTRY], new[ENTRY], self.rotated, self.values)
        _move(old[SLOT], new[SLOT], self.raw_keys)
        self._where[:, :tokens] = new
        self.length = tokens
        self.raw_key_length = front + len(behind)

    def in_entry_order(self, tokens: np.ndarray) -> np.ndarray:
        """The same tokens in the order of their entries."""
        return tokens[self._where[ENTRY, tokens].argsort()]

    def has_raw_key(self, tokens: np.ndarray) -> np.ndarray:
        """(n,) bool: which of these tokens have raw keys."""
        return self._where[SLOT, tokens] >= 0

    def rotate_keys(self, tokens: np.ndarray, cos: Tensor, sin: Tensor) -> None:
        """Rotate the keys of some tokens anew. tokens: (n,) with raw keys, as they lie; cos, sin: (n, head_dim).

        Where many lie side by side, in place and without a temporary. `core.model.rotary.rotate` is the plain twin.
        """
        where = self._where[:, tokens]
        half = self.raw_keys.shape[3] // 2
        few = np.zeros(len(tokens), bool)
        for start, stop in _runs(where):
            if stop - start < LONG:
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
        """Rotate the rotated keys of some tokens on, by float32 cos and sin (n, head_dim): one rounding more than
        `rotate_keys`, for those that have no raw key."""
        entries = on_device(cos.device, self._where[ENTRY, tokens])
        keys = rotate(self.rotated.index_select(2, entries).float(), cos, sin)
        self.rotated.index_copy_(2, entries, keys.to(self.rotated.dtype))

    def tokens(self, start: int, stop: int) -> Entries:
        """Copies of what there is of the tokens [start, stop)."""
        entries, slots = self._where[:, start:stop]
        has_raw_key = slots >= 0
        at, keys = (on_device(self.raw_keys.device, n) for n in (entries, slots[has_raw_key]))
        rotated = self.rotated.index_select(2, at)
        values = self.values.index_select(2, at)
        return Entries(rotated, values, has_raw_key, self.raw_keys.index_select(2, keys))

    def write(self, layer: int, k: Tensor, rotated: Tensor, v: Tensor, raw_key_tokens: Tensor | None = None) -> None:
        """Write new tokens behind those in use. k, rotated, v: (kv_heads, tokens, head_dim).

        They count once `advance` is called, after all layers are written.

        Args:
            raw_key_tokens: (n,) int64, the tokens whose raw keys are kept; None: all.
        """
        place = slice(self.length, self.length + k.shape[1])
        k = k if raw_key_tokens is None else k.index_select(1, raw_key_tokens)
        self.rotated[layer, :, place] = rotated
        self.values[layer, :, place] = v
        self.raw_keys[layer, :, self.raw_key_length : self.raw_key_length + k.shape[1]] = k

    def advance(self, tokens: int, raw_key_tokens: np.ndarray | None = None) -> None:
        """Count tokens whose entries [length, length + tokens) have just been written.

        Args:
            raw_key_tokens: (n,) those whose raw keys were written to the slots from `raw_key_length` on; None: all.
        """
        stop = self.length + tokens
        keys = self.raw_key_length + (tokens if raw_key_tokens is None else len(raw_key_tokens))
        if stop > self.capacity or keys > self.raw_key_capacity:
            raise AssertionError(f"{stop} tokens, {keys} keys in room for {self.size}")
        entries, slots = self._where[:, self.length : stop]
        entries[:] = np.arange(self.length, stop)
        slots[:] = -1
        slots[slice(None) if raw_key_tokens is None else raw_key_tokens] = np.arange(self.raw_key_length, keys)
        self.length = stop
        self.raw_key_length = keys

    def truncate(self, length: int) -> None:
        """Forget the tokens from `length` on; the buffers stay. Those before must not lie behind the others."""
        if not length:
            self.length = self.raw_key_length = 0
            return
        entries, slots = self._where[:, length : self.length].tolist()  # in use are all places up to the last
        used_slots = [slot for slot in slots if slot >= 0]
        keys = self.raw_key_length - len(used_slots)
        if min(entries, default=length) < length or min(used_slots, default=keys) < keys:
            raise AssertionError(f"of the first {length} tokens some lie in entries or slots behind that")
        self.length = length
        self.raw_key_length = keys

    def extend(self, entries: Entries) -> None:
        """Put entries that were cut off before behind those in use."""
        more = CacheSize(len(entries.has_raw_key), entries.raw_keys.shape[2])
        self.reserve(CacheSize(self.length, self.raw_key_length) + more)
        place = slice(self.length, self.length + more.tokens)
        self.rotated[:, :, place] = entries.rotated
        self.values[:, :, place] = entries.values
        self.raw_keys[:, :, self.raw_key_length : self.raw_key_length + more.raw_keys] = entries.raw_keys
        self.advance(more.tokens, np.flatnonzero(entries.has_raw_key))


def _filled(places: np.ndarray, front: int = 0) -> np.ndarray:
    """(n,) places from 0 to n, the first `front` of them for as many tokens: who is right stays, the others take what
    is free."""
    wrong = (places < 0) | (places >= len(places)) | ((places < front) != (np.arange(len(places)) < front))
    free = np.ones(len(places), bool)
    free[places[~wrong]] = False
    filled = places.copy()
    filled[wrong] = np.flatnonzero(free)
    return filled


def _move(old: np.ndarray, new: np.ndarray, *buffers: Tensor) -> None:
    """Move what lies at the `old` places and has another new one: run by run, or all at once where there are many runs
    or one would be overwritten before it is read."""
    places = np.stack((old, new))[:, old != new]
    runs = _runs(places)
    number = np.repeat(np.arange(len(runs)), [stop - start for start, stop in runs])
    read = np.full(1 + places.max(initial=0), -1)  # by which run
    read[places[0]] = number
    if len(runs) > MANY or (read[places[1]] >= number).any():
        source, target = (on_device(buffers[0].device, side) for side in places)
        for buffer in buffers:
            buffer.index_copy_(2, target, buffer.index_select(2, source))
        return
    sources, targets = places[:, [start for start, _ in runs]].tolist()
    for source, target, (start, stop) in zip(sources, targets, runs, strict=True):
        for buffer in buffers:
            buffer.narrow(2, target, stop - start).copy_(buffer.narrow(2, source, stop - start))


def _runs(places: np.ndarray) -> list[Slice]:
    """Where in (2, n) places both count up by one, from start to stop."""
    ends = 1 + np.flatnonzero((np.diff(places) != 1).any(0))
    return [(start, stop) for start, stop in pairwise([0, *ends.tolist(), places.shape[1]]) if start < stop]


def on_device(device: torch.device, numbers: np.ndarray) -> Tensor:
    """A tensor of them there, without waiting for what the device is at."""
    return torch.from_numpy(numbers).to(device, non_blocking=True)
