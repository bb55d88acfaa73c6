"""Many tokens through the decoder and into the cache; the decoder with `CacheAttention` is the plain twin.

As a CUDA graph where it was met before: a launch for some three hundred kernels, which would keep the host as long as
the GPU.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from core.cache.kv_cache import KVCache, on_device
from core.engine.cuda import rows
from core.engine.cuda.attend import attend_many, padded, splits_of
from core.engine.cuda.decode_graph import buffers_of
from core.engine.cuda.matrix import Weights
from core.engine.cuda.rows import Numbers, multiply
from core.engine.cuda.shared import LEAST_KEYS, SharedKeys
from core.engine.draft import PREFILL_DRAFT_TOKENS
from core.model.config import ModelConfig

MOST_WANTED = 1 + PREFILL_DRAFT_TOKENS  # logits that a graph gives
STEADY = 0.85  # of the most entries there can be: from here on a stream with full windows is


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
    """A graph with the place of its input and of its output, (MOST_WANTED, vocab) logits of the last real tokens."""

    graph: torch.cuda.CUDAGraph
    inputs: Inputs
    logits: Tensor


Shape = tuple[int, int]  # tokens, and the share of the old keys that cuDNN has of each part


class Prefill:
    """Four products a layer, and one kernel between each two of them."""

    def __init__(self, config: ModelConfig, weights: Weights) -> None:
        self._config = config
        self._weights = weights
        self._shared = SharedKeys(weights.gain.device)
        self._pool = torch.cuda.graph_pool_handle()
        self._inputs: dict[int, Inputs] = {}  # by how many tokens there is room for
        self._recorded: dict[Shape, Recording] = {}
        self._buffers: tuple[int, ...] = ()  # that they were recorded over

    def meet(self, tokens: int, cache: KVCache, old: range, often: bool) -> None:
        """Make ready for so many tokens over every number of `old` ones, by graphs where they come often."""
        keys = cache.rotated[0]
        config = self._config
        room = padded(tokens)
        q = keys.new_zeros(config.heads, room, config.head_dim)
        parts = splits_of(config.heads, config.kv_heads, room)
        self._shared.meet(q, keys, cache.values[0], old, parts)
        recorded = self._recorded_over(cache)
        steady = range(max(old.start, int(STEADY * old.stop)), old.stop, LEAST_KEYS)
        for entries in steady if often else ():
            shape = room, self._shared.share(room, cache.capacity, entries, parts)
            if shape not in recorded:
                recorded[shape] = self._record(shape, cache)

    def __call__(self, x: Tensor, cos: Tensor, sin: Tensor, cache: KVCache, wanted: int, slots: np.ndarray) -> Tensor:
        """x (tokens, hidden), cos, sin (tokens, head_dim) -> (wanted, vocab) logits of the last ones.

        The cache gets their entries, and their raw keys where `slots` (tokens,) int32 is not -1; they count once
        `advance` is called.
        """
        config = self._config
        room = padded(len(x))
        device = x.device
        parts = splits_of(config.heads, config.kv_heads, room)
        share = self._shared.share(room, cache.capacity, cache.length, parts)
        state = np.array([cache.length, len(x)], np.int32)
        inputs = Inputs(x, cos, sin, on_device(device, slots), on_device(device, state))
        recording = self._recorded_over(cache).get((room, share))
        if recording is None or wanted > MOST_WANTED:
            return self._run(inputs, cache, wanted, share)
        recording.inputs.write(inputs)
        recording.graph.replay()
        return recording.logits[-wanted:]

    def _recorded_over(self, cache: KVCache) -> dict[Shape, Recording]:
        """The recordings; where the cache has moved to other buffers they are given up, and their memory with them."""
        if self._buffers != buffers_of(cache):
            self._recorded = {}
            self._buffers = buffers_of(cache)
            self._pool = torch.cuda.graph_pool_handle()
        return self._recorded

    def _record(self, shape: Shape, cache: KVCache) -> Recording:
        """Record a graph, run once before so that every kernel is compiled. No token is real, so none is written."""
        tokens, share = shape
        if tokens not in self._inputs:
            self._inputs[tokens] = self._empty(tokens)
        inputs = self._inputs[tokens]
        inputs.state.zero_()
        self._run(inputs, cache, MOST_WANTED, share)
        torch.cuda.synchronize()
        graph = torch.cuda.CUDAGraph()
        with torch.cuda.graph(graph, pool=self._pool):
            logits = self._run(inputs, cache, MOST_WANTED, share)
        return Recording(graph, inputs, logits)

    def _empty(self, tokens: int) -> Inputs:
        gain = self._weights.gain
        size = self._config.head_dim
        slots, state = (gain.new_zeros(n, dtype=torch.int32) for n in (tokens, 2))
        cos, sin = gain.new_zeros(2, tokens, size)
        return Inputs(gain.new_zeros(tokens, self._config.hidden), cos, sin, slots, state)

    def _run(self, inputs: Inputs, cache: KVCache, wanted: int, share: int) -> Tensor:
        """(wanted, vocab) logits; `share`: of the old keys, how many cuDNN has of each part."""
        config = self._config
        weights = self._weights
        eps = self._config.norm_eps
        x = inputs.x.clone()
        delta = None
        normed = Numbers.room(x, config.hidden, weights.fp8)
        for number, layer in enumerate(weights.layers):
            last = wanted if number == len(weights.layers) - 1 else 0
            keys = cache.raw_keys[number]
            rotated = cache.rotated[number]
            values = cache.values[number]
            rows.add_norm(x, delta, layer.gain, eps, normed)
            q = x.new_empty(config.heads, padded(last or len(x)), config.head_dim)
            qkv = multiply(normed, layer.qkv)
            rows.place(qkv, inputs.cos, inputs.sin, inputs.slots, inputs.state, last, q, keys, rotated, values)
            if last:
                x = x.index_select(0, _last(inputs.state[1], last))
                normed = Numbers.room(x, config.hidden, weights.fp8)
            attended = Numbers.room(x, config.heads * config.head_dim, weights.fp8)
            attend_many(q, last, rotated, values, inputs.state, 0 if last else share, attended)
            rows.add_norm(x, multiply(attended, layer.out), layer.mlp_gain, eps, normed)
            gated = Numbers.room(x, config.intermediate, weights.fp8)
            rows.gate(multiply(normed, layer.gate_up), gated)
            delta = multiply(gated, layer.down)
        rows.add_norm(x, delta, weights.gain, eps, normed)
        return multiply(normed, weights.head).plain()


def _last(tokens: Tensor, many: int) -> Tensor:
    """(many,) numbers of the last ones of so many tokens."""
    return (tokens + torch.arange(-many, 0, device=tokens.device)).clamp_(min=0)
