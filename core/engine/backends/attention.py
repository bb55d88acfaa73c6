"""What an implementation of attention over the KV cache must do; `select.py` chooses among them."""

from __future__ import annotations

from typing import Protocol

from torch import Tensor


class Attention(Protocol):
    """Causal attention of new tokens over one layer of the cache, into which their keys and values are written already.

    Attributes:
        name: as `--attention` and the statistics call it.
    """

    name: str

    def attend(self, q: Tensor, keys: Tensor, values: Tensor, stop: int) -> Tensor:
        """softmax(q k^T / sqrt(d)) v of the last tokens; each sees the entries of all tokens up to its own.

        Args:
            q: (heads, queries, d), rotated.
            keys, values: (kv_heads, capacity, d), keys rotated; entries [0, stop) are in use, the queries' own last.

        Returns:
            (heads, queries, d).
        """
        ...


class DecodeAttention(Attention, Protocol):
    """One that can also be part of a CUDA graph which runs one token after another."""

    def decode(self, q: Tensor, keys: Tensor, values: Tensor, newest: Tensor, out: Tensor) -> None:
        """The same for one token, over entries [0, newest[0]]; waits for nothing on the device.

        Args:
            q, out: (heads, d). newest: (1,) int32 on the device, the token's own entry.
        """
        ...
