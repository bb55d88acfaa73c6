"""Many tokens through the decoder and into the cache; the decoder with `CacheAttention` is the plain twin."""

from __future__ import annotations

from torch import Tensor

from core.cache.kv_cache import KVCache
from core.engine.cuda import rows
from core.engine.cuda.attend import attend_many, padded, splits_of
from core.engine.cuda.matrix import Weights
from core.engine.cuda.rows import Numbers, multiply
from core.engine.cuda.shared import SharedKeys
from core.model.config import ModelConfig


class Prefill:
    """Four products a layer, and one kernel between each two of them."""

    def __init__(self, config: ModelConfig, weights: Weights) -> None:
        self._config, self._weights, self._shared = config, weights, SharedKeys(weights.gain.device)

    def meet(self, tokens: int, cache: KVCache, old: range) -> None:
        """Make ready for so many tokens over every number of `old` ones."""
        keys, config = cache.rotated[0], self._config
        q = keys.new_zeros(config.heads, padded(tokens), config.head_dim)
        self._shared.meet(q, keys, cache.values[0], old, splits_of(q, config.kv_heads))

    def __call__(self, x: Tensor, cos: Tensor, sin: Tensor, cache: KVCache, wanted: int, slots: Tensor) -> Tensor:
        """x (tokens, hidden), which is used up; cos, sin (tokens, head_dim) -> (wanted, vocab) logits of the last ones.

        The cache gets their entries, and their unrotated keys where `slots` (tokens,) int32 is not -1; they count once
        `advance` is called.
        """
        config, weights, eps = self._config, self._weights, self._config.norm_eps
        start, stop = cache.length, cache.length + len(x)
        normed, delta = Numbers.room(x, config.hidden, weights.fp8), None
        for number, layer in enumerate(weights.layers):
            asking = wanted if number == len(weights.layers) - 1 else len(x)
            keys, rotated, values = cache.keys[number], cache.rotated[number], cache.values[number]
            rows.add_norm(x, delta, layer.gain, eps, normed)
            q = x.new_empty(config.heads, padded(asking), config.head_dim)
            rows.place(multiply(normed, layer.qkv), cos, sin, slots, start, asking, q, keys, rotated, values)
            if asking < len(x):
                x = x[-asking:].contiguous()
                normed = Numbers.room(x, config.hidden, weights.fp8)
            attended = Numbers.room(x, config.heads * config.head_dim, weights.fp8)
            attend_many(q, asking, rotated, values, stop, self._shared, attended)
            rows.add_norm(x, multiply(attended, layer.out), layer.mlp_gain, eps, normed)
            gated = Numbers.room(x, config.intermediate, weights.fp8)
            rows.gate(multiply(normed, layer.gate_up), gated)
            delta = multiply(gated, layer.down)
        rows.add_norm(x, delta, weights.gain, eps, normed)
        return multiply(normed, weights.head).plain()
