"""The decoder's modules run over the KV cache: for every runner without kernels of its own around attention."""

from __future__ import annotations

import numpy as np
import torch
from torch import Tensor

from core.cache.kv_cache import KVCache, on_device
from core.engine.backends.attention import Attention
from core.model.qwen2_5_vl.decoder import Decoder
from core.model.rotary import rotate


class CacheAttention:
    """The decoder's attention for one run of new tokens: writes their keys and values into the cache, then attends.

    Attributes:
        cos, sin: (tokens, head_dim), the rotation of the new tokens.
        stop: tokens in the cache, the new ones included.
        raw_key_tokens: (n,) int64, the new tokens whose raw keys are kept; None: all.
    """

    def __init__(
        self, attention: Attention, cache: KVCache, cos: Tensor, sin: Tensor, raw_key_tokens: np.ndarray | None = None
    ) -> None:
        self.cache = cache
        self.cos = cos
        self.sin = sin
        self.stop = cache.length + cos.shape[0]
        self.raw_key_tokens = None if raw_key_tokens is None else on_device(cos.device, raw_key_tokens)
        self._attention = attention

    def __call__(self, layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
        """q (1, heads, queries, head_dim) of the last tokens, k and v (1, kv_heads, tokens, head_dim) -> like q."""
        queries = q.shape[2]
        if queries == k.shape[2]:  # in one operation: for few tokens their number counts
            both = rotate(torch.cat((q[0], k[0])), self.cos, self.sin)
            rotated_q, rotated_k = both.split((q.shape[1], k.shape[1]))
        else:
            rotated_q = rotate(q[0], self.cos[-queries:], self.sin[-queries:])
            rotated_k = rotate(k[0], self.cos, self.sin)
        self.cache.write(layer, k[0], rotated_k, v[0], self.raw_key_tokens)
        return self._attention.attend(rotated_q, self.cache.rotated[layer], self.cache.values[layer], self.stop)[None]


def decode_over_cache(
    decoder: Decoder, attention: CacheAttention, embeddings: Tensor, n_logits: int, raw_key_tokens: np.ndarray | None
) -> Tensor:
    """(tokens, hidden) through the decoder and into the cache -> (n_logits, vocab) logits after the last ones."""
    hidden = decoder(embeddings[None], attention, n_logits)
    attention.cache.advance(len(embeddings), raw_key_tokens)
    return decoder.logits(hidden[0])
