"""Many tokens through the decoder and into the cache; its reference is the decoder with `CacheAttention`.

As a CUDA graph for shapes that were prepared: one launch for some three hundred kernels, which would take the host as
long as the GPU.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.cache.kv_cache import KVCache, on_device
from core.engine.backends.attention import Attention
from core.engine.backends.cuda import elementwise
from core.engine.backends.cuda.attention import TritonAttention, padded_queries, prefill_attention, split_count
from core.engine.backends.cuda.cudnn_prefix import PREFIX_BLOCK, CudnnPrefix
from core.engine.backends.cuda.decode_graph import buffers_of
from core.engine.backends.cuda.elementwise import Activations, linear
from core.engine.backends.cuda.graph import capture
from core.engine.backends.cuda.weights import Weights
from core.engine.draft import PREFILL_DRAFT_TOKENS
from core.model.config import ModelConfig

MAX_LOGITS = 1 + PREFILL_DRAFT_TOKENS  # logits that a graph gives
STEADY_SHARE = 0.85  # of the most entries there can be: from here on a stream with full windows is


@dataclass(frozen=True, slots=True)
class Inputs:
    """What a prefill reads.

    Attributes:
        x: (tokens, hidden) embeddings. cos, sin: (tokens, head_dim).
        slots: (tokens,) int32, where raw keys go; -1: nowhere.
        state: (2,) int32: entries there are, and how many of the tokens are real.
    """

    x: Tensor
    cos: Tensor
    sin: Tensor
    slots: Tensor
    state: Tensor

    def write(self, new: Inputs) -> None:
        """Take over those of at most as many tokens."""
        tokens = len(new.x)
        for mine, its in ((self.x, new.x), (self.cos, new.cos), (self.sin, new.sin), (self.slots, new.slots)):
            mine[:tokens] = its
        self.state.copy_(new.state)


@dataclass(frozen=True, slots=True)
class Recording:
    """A graph with the place of its input and of its output, (MAX_LOGITS, vocab) logits of the last real tokens."""

    graph: torch.cuda.CUDAGraph
    inputs: Inputs
    logits: Tensor


GraphShape = tuple[int, int]  # padded tokens, and how many cached keys of each split are left to cuDNN


class Prefill:
    """Four products a layer, and one kernel between each two of them.

    Attributes:
        recordings: graphs by shape, over the buffers that the cache had when they were recorded.
    """

    def __init__(self, config: ModelConfig, weights: Weights, attention: Attention) -> None:
        self._config = config
        self._weights = weights
        self._attention = attention
        self._uses_graphs = isinstance(attention, TritonAttention)  # no other reads from the device how much is real
        self._prefix = CudnnPrefix(weights.norm_weight.device)
        self._pool = torch.cuda.graph_pool_handle()
        self._inputs: dict[int, Inputs] = {}  # by padded tokens
        self.recordings: dict[GraphShape, Recording] = {}
        self._buffers: tuple[int, ...] = ()  # that they were recorded over

    def prepare_shapes(self, tokens: int, cache: KVCache, cached: range, often: bool) -> None:
        """Make ready for so many tokens over every number of `cached` ones, by graphs where they come often."""
        if not self._uses_graphs:
            return
        keys = cache.rotated[0]
        config = self._config
        padded = padded_queries(tokens)
        q = keys.new_zeros(config.heads, padded, config.head_dim)
        splits = split_count(config.heads, config.kv_heads, padded)
        self._prefix.prepare_shapes(q, keys, cache.values[0], cached, splits)
        recorded = self._recorded_over(cache)
        steady = range(max(cached.start, int(STEADY_SHARE * cached.stop)), cached.stop, PREFIX_BLOCK)
        for entries in steady if often else ():
            shape = padded, self._prefix.tokens_per_split(padded, cache.capacity, entries, splits)
            if shape not in recorded:
                recorded[shape] = self._record(shape, cache)

    def __call__(self, x: Tensor, cos: Tensor, sin: Tensor, cache: KVCache, n_logits: int, slots: np.ndarray) -> Tensor:
        """x (tokens, hidden), cos, sin (tokens, head_dim) -> (n_logits, vocab) logits of the last ones.

        The cache gets their entries, and their raw keys where `slots` (tokens,) int32 is not -1; they count once
        `advance` is called.
        """
        config = self._config
        padded = padded_queries(len(x))
        device = x.device
        splits = split_count(config.heads, config.kv_heads, padded)
        prefix_per_split = self._prefix.tokens_per_split(padded, cache.capacity, cache.length, splits)
        state = np.array([cache.length, len(x)], np.int32)
        inputs = Inputs(x, cos, sin, on_device(device, slots), on_device(device, state))
        recording = self._recorded_over(cache).get((padded, prefix_per_split))
        if recording is None or n_logits > MAX_LOGITS:
            return self._run(inputs, cache, n_logits, prefix_per_split)
        recording.inputs.write(inputs)
        recording.graph.replay()
        return recording.logits[-n_logits:]

    def _recorded_over(self, cache: KVCache) -> dict[GraphShape, Recording]:
        """The recordings; where the cache has moved to other buffers they are given up, and their memory with them."""
        if self._buffers != buffers_of(cache):
            self.recordings = {}
            self._buffers = buffers_of(cache)
            self._pool = torch.cuda.graph_pool_handle()
        return self.recordings

    def _record(self, shape: GraphShape, cache: KVCache) -> Recording:
        """Record a graph. No token is real, so none is written."""
        tokens, prefix_per_split = shape
        if tokens not in self._inputs:
            self._inputs[tokens] = self._empty(tokens)
        inputs = self._inputs[tokens]
        inputs.state.zero_()
        graph, logits = capture(lambda: self._run(inputs, cache, MAX_LOGITS, prefix_per_split), self._pool)
        return Recording(graph, inputs, logits)

    def _empty(self, tokens: int) -> Inputs:
        norm_weight = self._weights.norm_weight
        size = self._config.head_dim
        slots, state = (norm_weight.new_zeros(n, dtype=torch.int32) for n in (tokens, 2))
        cos, sin = norm_weight.new_zeros(2, tokens, size)
        return Inputs(norm_weight.new_zeros(tokens, self._config.hidden), cos, sin, slots, state)

    def _run(self, inputs: Inputs, cache: KVCache, n_logits: int, prefix_per_split: int) -> Tensor:
        """(n_logits, vocab) logits; `prefix_per_split`: how many cached keys of each split are left to cuDNN."""
        config = self._config
        weights = self._weights
        eps = self._config.norm_eps
        x = inputs.x.clone()
        stop = cache.length + len(x)
        delta = None
        normed = Activations.empty(x, config.hidden, weights.fp8)
        for number, layer in enumerate(weights.layers):
            n_queries = n_logits if number == len(weights.layers) - 1 else 0
            keys = cache.raw_keys[number]
            rotated = cache.rotated[number]
            values = cache.values[number]
            elementwise.add_rms_norm(x, delta, layer.norm_weight, eps, normed)
            queries = n_queries or len(x)
            padded = padded_queries(queries) if self._uses_graphs else queries
            q = x.new_empty(config.heads, padded, config.head_dim)
            qkv = linear(normed, layer.qkv)
            elementwise.rope_append(
                qkv, inputs.cos, inputs.sin, inputs.slots, inputs.state, n_queries, q, keys, rotated, values
            )
            if n_queries:
                x = x.index_select(0, _last(inputs.state[1], n_queries))
                normed = Activations.empty(x, config.hidden, weights.fp8)
            attended = Activations.empty(x, config.heads * config.head_dim, weights.fp8)
            if self._uses_graphs:
                prefill_attention(
                    q, n_queries, rotated, values, inputs.state, 0 if n_queries else prefix_per_split, attended
                )
            else:
                attended.write(self._attention.attend(q, rotated, values, stop).transpose(0, 1).flatten(1))
            elementwise.add_rms_norm(x, linear(attended, layer.out), layer.mlp_norm_weight, eps, normed)
            gated = Activations.empty(x, config.intermediate, weights.fp8)
            elementwise.silu_mul(linear(normed, layer.gate_up), gated)
            delta = linear(gated, layer.down)
        elementwise.add_rms_norm(x, delta, weights.norm_weight, eps, normed)
        return linear(normed, weights.head).plain()


def _last(tokens: Tensor, many: int) -> Tensor:
    """(many,) numbers of the last ones of so many tokens."""
    return (tokens + torch.arange(-many, 0, device=tokens.device)).clamp_(min=0)
