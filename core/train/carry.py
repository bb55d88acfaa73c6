"""Attention of a chunk's rounds over words that were not said where they stand.

A stream moves words, keys and values with them, from the round in which they were said to `previous text`. These keys
know of the round's header, its pictures and the context of that time; the same words read as text in their new place
have other keys. A student that had learnt on such text alone was right as long as its lines were given to it, but of
its own, once they had moved, it could not read the score: every second goal of a team was told as the first. Computing
these keys anew made it right. So in training a chunk has a front: the opening, and earlier lines in rounds of their
own. The front is read by itself, causally. What is left of it when the chunk begins is rotated for its new positions,
as the cache does it, and the chunk's rounds see that and themselves.

Shapes: F is the front's tokens, K those kept of it, C the chunk's; all are padded on the right.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass

import torch
from torch import Tensor
from torch.nn import functional as F

from core.model.attention import CausalAttention
from core.model.rotary import rotate

Turns = tuple[Tensor, Tensor]  # cos, sin: (chunks, tokens, head_dim)


@dataclass(frozen=True, slots=True)
class Layout:
    """Where the tokens of a batch of chunks stand; positions are float32.

    Attributes:
        front: (3, chunks, F). chunk: (3, chunks, C).
        kept: (chunks, K) int64, places in the front. moved: (3, chunks, K), where these stand when the chunk begins.
        count: (chunks,) how many are kept; what lies behind is padding.
    """

    front: Tensor
    chunk: Tensor
    kept: Tensor
    moved: Tensor
    count: Tensor

    @classmethod
    def of(cls, batch: Mapping[str, Tensor]) -> Layout:
        """From what `core.train.collate` makes."""
        front, chunk, moved = (batch[name].float() for name in ("front_positions", "positions", "kept_positions"))
        return cls(front, chunk, batch["kept"].long(), moved, batch["kept_count"])


@dataclass(frozen=True, slots=True)
class Held:
    """What fronts leave to their chunks: of each layer keys, rotated, and values (chunks, kv_heads, K, head_dim).

    Attributes:
        count: (chunks,) as in `Layout`.
    """

    entries: list[Turns]
    count: Tensor

    def of(self, chunks: Tensor) -> Held:
        """For these chunks, (n,) int64, in this order."""
        return Held([(keys[chunks], values[chunks]) for keys, values in self.entries], self.count[chunks])


class FrontAttention:
    """Causal attention within fronts.

    Attributes:
        held: keys, rotated for where they stand when the chunk begins, and values of what is kept, layer by layer.
    """

    def __init__(self, own: Turns, kept: Tensor, moved: Turns) -> None:
        self._causal = CausalAttention(*own)
        self._kept = kept[:, None, :, None]
        self._moved = moved[0].unsqueeze(1), moved[1].unsqueeze(1)
        self.held: list[Turns] = []

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q (chunks, heads, F, head_dim), k and v (chunks, kv_heads, F, head_dim), unrotated -> like q."""
        kept = self._kept.expand(-1, k.shape[1], -1, k.shape[3])
        self.held.append((rotate(k.gather(2, kept), *self._moved), v.gather(2, kept)))
        return self._causal(layer, q, k, v)


class ChunkAttention:
    """Attention of chunks over what is kept of their fronts, and causally over themselves."""

    def __init__(self, held: list[Turns], own: Turns, hidden: Tensor) -> None:
        """`hidden`: (chunks, 1, C, K + C) as `hide` makes it."""
        self._held = held
        self._hidden = hidden
        self._cos = own[0].unsqueeze(1)
        self._sin = own[1].unsqueeze(1)

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q (chunks, heads, C, head_dim), k and v (chunks, kv_heads, C, head_dim), unrotated -> like q."""
        keys, values = self._held[layer]
        keys = torch.cat((keys, rotate(k, self._cos, self._sin)), 2)
        values = torch.cat((values, v), 2)
        groups = q.shape[1] // k.shape[1]  # kernels that take a mask know no groups
        keys = keys.repeat_interleave(groups, 1)
        values = values.repeat_interleave(groups, 1)
        q = rotate(q, self._cos, self._sin)
        return F.scaled_dot_product_attention(q, keys, values, attn_mask=self._hidden)


class CarriedAttention:
    """Both at once, for rows that hold a front and then its chunk; each layer's front comes before its chunk."""

    def __init__(self, front: Turns, kept: Tensor, moved: Turns, chunk: Turns, hidden: Tensor) -> None:
        self._tokens = front[0].shape[1], chunk[0].shape[1]
        self._front = FrontAttention(front, kept, moved)
        self._chunk = ChunkAttention(self._front.held, chunk, hidden)

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q (chunks, heads, F + C, head_dim), k and v (chunks, kv_heads, F + C, head_dim), unrotated -> like q."""
        front, chunk = zip(*(x.split(self._tokens, 2) for x in (q, k, v)), strict=True)
        return torch.cat((self._front(layer, *front), self._chunk(layer, *chunk)), 2)


def hide(count: Tensor, kept: int, chunk: int, kind: torch.dtype) -> Tensor:
    """(chunks, 1, chunk, kept + chunk): -inf for padding among the `kept` and for what lies ahead, 0 for the rest."""
    padding = torch.arange(kept, device=count.device) >= count[:, None]
    ahead = torch.ones(chunk, chunk, dtype=torch.bool, device=count.device).triu(1)
    unseen = torch.cat((padding[:, None].expand(-1, chunk, -1), ahead.expand(len(count), -1, -1)), 2)
    return torch.zeros(unseen.shape, dtype=kind, device=count.device).masked_fill_(unseen, -math.inf)[:, None]
