"""Where each cached token lies in the buffers of the KV cache. numpy only.

A token has an entry (of its rotated key and value) and, where its key may have to move, a slot (of its raw key). In use
are the entries [0, length) and the slots [0, raw_key_length), in any order, which attention does not depend on.
"""

from __future__ import annotations

import numpy as np

from core.cache.policy import Slice

ENTRY = 0
SLOT = 1


class SlotTable:
    """Entry and slot of each token, by its number.

    Attributes:
        length: tokens in use, and the entry of the next one.
        raw_key_length: raw keys in use, and the slot of the next one.
    """

    def __init__(self) -> None:
        self.length = 0
        self.raw_key_length = 0
        self._where = np.zeros((2, 0), np.int64)  # slot -1: none

    def resize(self, capacity: int) -> None:
        """Make room for `capacity` tokens, at least `length`."""
        where = np.zeros((2, capacity), np.int64)
        where[:, : self.length] = self._where[:, : self.length]
        self._where = where

    def at(self, tokens: np.ndarray | slice) -> np.ndarray:
        """(2, n): entries and slots of these tokens; slot -1 where there is no raw key."""
        return self._where[:, tokens]

    def has_raw_key(self, tokens: np.ndarray) -> np.ndarray:
        """(n,) bool: which of these tokens have raw keys."""
        return self._where[SLOT, tokens] >= 0

    def in_entry_order(self, tokens: np.ndarray) -> np.ndarray:
        """The tokens (n,) sorted by their entries."""
        return tokens[self._where[ENTRY, tokens].argsort()]

    def append(self, tokens: int, raw_key_tokens: np.ndarray | None = None) -> None:
        """Add tokens at the next entries. raw_key_tokens: (n,) those that take the next slots; None: all."""
        stop = self.length + tokens
        keys = self.raw_key_length + (tokens if raw_key_tokens is None else len(raw_key_tokens))
        entries, slots = self._where[:, self.length : stop]
        entries[:] = np.arange(self.length, stop)
        slots[:] = -1
        slots[slice(None) if raw_key_tokens is None else raw_key_tokens] = np.arange(self.raw_key_length, keys)
        self.length = stop
        self.raw_key_length = keys

    def truncate(self, length: int) -> None:
        """Drop the tokens from `length` on. Their entries and slots must be the last ones."""
        if not length:
            self.length = 0
            self.raw_key_length = 0
            return
        entries, slots = self._where[:, length : self.length].tolist()  # in use are all places up to the last
        used_slots = [slot for slot in slots if slot >= 0]
        keys = self.raw_key_length - len(used_slots)
        if min(entries, default=length) < length or min(used_slots, default=keys) < keys:
            raise AssertionError(f"of the first {length} tokens some lie in entries or slots after that")
        self.length = length
        self.raw_key_length = keys

    def compact(self, slices: list[Slice], front: int) -> tuple[np.ndarray, np.ndarray]:
        """Keep the tokens of `slices`, in that order; few of them get another place.

        Args:
            front: number of first tokens, all with raw keys, that get the entries [0, front), in any order, and the
                same slots.

        Returns:
            (2, n) before and (2, n) after: entries and slots of the tokens kept.
        """
        old = np.concatenate([self._where[:, start:stop] for start, stop in slices] or [self._where[:, :0]], axis=1)
        if (old[SLOT, :front] < 0).any():
            raise AssertionError(f"of the first {front} tokens some have no raw key")
        new = old.copy()
        behind = front + np.flatnonzero(old[SLOT, front:] >= 0)
        new[ENTRY] = _filled(old[ENTRY], front)
        new[SLOT, :front] = new[ENTRY, :front]
        new[SLOT, behind] = front + _filled(old[SLOT, behind] - front)
        self.length = old.shape[1]
        self._where[:, : self.length] = new
        self.raw_key_length = front + len(behind)
        return old, new


def _filled(places: np.ndarray, front: int = 0) -> np.ndarray:
    """A permutation of range(n) close to `places` (n,): the first `front` tokens get places below `front`.

    A token whose place is valid keeps it, the others take free ones.
    """
    wrong = (places < 0) | (places >= len(places)) | ((places < front) != (np.arange(len(places)) < front))
    free = np.ones(len(places), bool)
    free[places[~wrong]] = False
    filled = places.copy()
    filled[wrong] = np.flatnonzero(free)
    return filled
