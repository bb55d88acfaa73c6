"""Attention of a chunk over a prefix whose words have moved, as the cache moves them.

A stream moves words, keys and values with them, from the round in which they were said to `previous text`. These keys
know of the round's header, its pictures and the context of that time; the same words read as text in their new place
have other keys. A model that had learnt on such text alone was right as long as its lines were given to it, but of
its own, once they had moved, it could not read the score: every second goal of a team was told as the first. Computing
these keys anew made it right. So in training a chunk has a prefix: the opening, and earlier lines in rounds of their
own. The prefix is read by itself, causally. What is left of it when the chunk begins is rotated for its new positions,
as the cache does it, and the chunk's rounds see that and themselves.

Shapes: F is the prefix's tokens, K those kept of it, C the chunk's; all are padded on the right.
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

CosSin = tuple[Tensor, Tensor]  # cos, sin: (chunks, tokens, head_dim)


@dataclass(frozen=True, slots=True)
class PrefixLayout:
    """Where the tokens of a batch of chunks stand; positions are float32.

    Attributes:
        prefix: (3, chunks, F). chunk: (3, chunks, C).
        kept: (chunks, K) int64, places in the prefix. moved: (3, chunks, K), where these stand when the chunk begins.
        count: (chunks,) how many are kept; what lies behind is padding.
    """

    prefix: Tensor
    chunk: Tensor
    kept: Tensor
    moved: Tensor
    count: Tensor

    @classmethod
    def of(cls, batch: Mapping[str, Tensor]) -> PrefixLayout:
        """From what `core.train.collate` makes."""
        prefix, chunk, moved = (batch[name].float() for name in ("prefix_positions", "positions", "kept_positions"))
        return cls(prefix, chunk, batch["kept"].long(), moved, batch["kept_count"])


@dataclass(frozen=True, slots=True)
class MovedPrefix:
    """What prefixes leave to their chunks: of each layer keys, rotated, and values (chunks, kv_heads, K, head_dim).

    Attributes:
        count: (chunks,) as in `PrefixLayout`.
    """

    entries: list[CosSin]
    count: Tensor

    def of(self, chunks: Tensor) -> MovedPrefix:
        """For these chunks, (n,) int64, in this order."""
        return MovedPrefix([(keys[chunks], values[chunks]) for keys, values in self.entries], self.count[chunks])


class PrefixAttention:
    """Causal attention within prefixes.

    Attributes:
        moved_prefix: of each layer the keys kept, rotated for where they stand when the chunk begins, and the values.
    """

    def __init__(self, own: CosSin, kept: Tensor, moved: CosSin) -> None:
        self._causal = CausalAttention(*own)
        self._kept = kept[:, None, :, None]
        self._moved = moved[0].unsqueeze(1), moved[1].unsqueeze(1)
        self.moved_prefix: list[CosSin] = []

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q (chunks, heads, F, head_dim), k and v (chunks, kv_heads, F, head_dim), unrotated -> like q."""
        kept = self._kept.expand(-1, k.shape[1], -1, k.shape[3])
        self.moved_prefix.append((rotate(k.gather(2, kept), *self._moved), v.gather(2, kept)))
        return self._causal(layer, q, k, v)


class ChunkAttention:
    """Attention of chunks over what is kept of their prefixes, and causally over themselves."""

    def __init__(self, moved_prefix: list[CosSin], own: CosSin, mask: Tensor) -> None:
        """`mask`: (chunks, 1, C, K + C) as `attention_mask` makes it."""
        self._moved_prefix = moved_prefix
        self._mask = mask
        self._cos = own[0].unsqueeze(1)
        self._sin = own[1].unsqueeze(1)

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q (chunks, heads, C, head_dim), k and v (chunks, kv_heads, C, head_dim), unrotated -> like q."""
        keys, values = self._moved_prefix[layer]
        keys = torch.cat((keys, rotate(k, self._cos, self._sin)), 2)
        values = torch.cat((values, v), 2)
        groups = q.shape[1] // k.shape[1]  # kernels that take a mask know no groups
        keys = keys.repeat_interleave(groups, 1)
        values = values.repeat_interleave(groups, 1)
        q = rotate(q, self._cos, self._sin)
        return F.scaled_dot_product_attention(q, keys, values, attn_mask=self._mask)


class MovedPrefixAttention:
    """Both at once, for rows that hold a prefix and then its chunk; each layer's prefix comes before its chunk."""

    def __init__(self, prefix: CosSin, kept: Tensor, moved: CosSin, chunk: CosSin, mask: Tensor) -> None:
        self._tokens = prefix[0].shape[1], chunk[0].shape[1]
        self._prefix = PrefixAttention(prefix, kept, moved)
        self._chunk = ChunkAttention(self._prefix.moved_prefix, chunk, mask)

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q (chunks, heads, F + C, head_dim), k and v (chunks, kv_heads, F + C, head_dim), unrotated -> like q."""
        prefix, chunk = zip(*(x.split(self._tokens, 2) for x in (q, k, v)), strict=True)
        return torch.cat((self._prefix(layer, *prefix), self._chunk(layer, *chunk)), 2)


def attention_mask(count: Tensor, kept: int, chunk: int, dtype: torch.dtype) -> Tensor:
    """(chunks, 1, chunk, kept + chunk): -inf for padding among the `kept` and for what lies ahead, 0 for the rest."""
    padding = torch.arange(kept, device=count.device) >= count[:, None]
    ahead = torch.ones(chunk, chunk, dtype=torch.bool, device=count.device).triu(1)
    unseen = torch.cat((padding[:, None].expand(-1, chunk, -1), ahead.expand(len(count), -1, -1)), 2)
    return torch.zeros(unseen.shape, dtype=dtype, device=count.device).masked_fill_(unseen, -math.inf)[:, None]
