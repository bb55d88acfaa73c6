"""One decode step as a CUDA graph: a single launch reads every weight once and the cache once."""

from __future__ import annotations

import torch
from torch import Tensor

from core.cache.kv_cache import KVCache
from core.engine.backends.attention import DecodeAttention
from core.engine.backends.cuda.gemv import CacheSlots, gemv_add, norm_gate_up, norm_gemv, qkv_rope_append
from core.engine.backends.cuda.graph import capture
from core.engine.backends.cuda.weights import Weights
from core.model.qwen2_5_vl.decoder import Decoder


class DecodeGraph:
    """The decoder for one token after another of a line, over a cache whose buffers stay where they are.

    Attributes:
        limit: most tokens of a line. buffers: which cache buffers it was recorded over.
        logits: (vocab,), of the last step.
    """

    def __init__(
        self, decoder: Decoder, weights: Weights, attention: DecodeAttention, cache: KVCache, limit: int
    ) -> None:
        """`limit`: most tokens of a line."""
        config = decoder.config
        device = cache.raw_keys.device
        dtype = cache.raw_keys.dtype
        self.limit = limit
        self.buffers = buffers_of(cache)
        self._decoder = decoder
        self._weights = weights
        self._attention = attention
        self._cache = cache
        self._state = torch.zeros(4, dtype=torch.int32, device=device)  # token, step, entry, slot of its key
        self._next = torch.zeros(4, dtype=torch.int32, pin_memory=True)
        self._written = self._next.numpy()  # the same memory, quicker to write to
        self._cos, self._sin = torch.zeros(2, limit, config.head_dim, dtype=dtype, device=device)

        def empty(*shape: int) -> Tensor:
            return torch.empty(shape, dtype=dtype, device=device)

        self._x = empty(config.hidden)
        self._q, self._attended = empty(2, config.heads, config.head_dim)
        self._gated = empty(config.intermediate)
        self.logits = empty(config.vocab)
        self._graph = self._capture()

    def begin(self, cos: Tensor, sin: Tensor) -> None:
        """A new line, whose tokens will be rotated by the rows of cos and sin (tokens, head_dim)."""
        self._cos[: len(cos)] = cos
        self._sin[: len(sin)] = sin

    def step(self, token: int, number: int, entry: int, slot: int) -> Tensor:
        """Run the line's token `number`, with its entry and the slot of its raw key.

        Returns:
            (1, vocab) logits, valid until the next step.
        """
        self._written[:] = token, number, entry, slot
        self._state.copy_(self._next, non_blocking=True)
        self._graph.replay()
        return self.logits[None]

    def _capture(self) -> torch.cuda.CUDAGraph:
        """Record the step. The next entry and slot are scratch."""
        self._written[:] = 0, 0, self._cache.length, self._cache.raw_key_length
        self._state.copy_(self._next)
        return capture(self._run)[0]

    def _run(self) -> None:
        cache = self._cache
        weights = self._weights
        eps = self._decoder.config.norm_eps
        self._x.copy_(self._decoder.embed.weight.index_select(0, self._state[:1])[0])
        for number, layer in enumerate(weights.layers):
            keys = cache.raw_keys[number]
            rotated = cache.rotated[number]
            values = cache.values[number]
            slots = CacheSlots(self._state, self._cos, self._sin, self._q, keys, rotated, values)
            qkv_rope_append(self._x, layer.norm_weight, eps, layer.qkv, slots)
            self._attention.decode(self._q, rotated, values, self._state[2:3], self._attended)
            gemv_add(self._attended, layer.out, self._x)
            norm_gate_up(self._x, layer.mlp_norm_weight, eps, layer.gate_up, self._gated)
            gemv_add(self._gated, layer.down, self._x)
        norm_gemv(self._x, weights.norm_weight, eps, weights.head, self.logits)


def buffers_of(cache: KVCache) -> tuple[int, ...]:
    """What tells one set of buffers from another."""
    return (
        cache.raw_keys.data_ptr(),
        cache.rotated.data_ptr(),
        cache.values.data_ptr(),
        cache.capacity,
        cache.raw_key_capacity,
    )
