"""The runner of a CUDA device: one token by a graph of our own kernels, many by products with our own in between."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from core.engine.backends.attention import DecodeAttention
from core.engine.backends.cuda.decode_graph import DecodeGraph, buffers_of
from core.engine.backends.cuda.prefill import Prefill
from core.engine.backends.cuda.weights import Weights
from core.engine.backends.runner import Runner
from core.engine.context import Context
from core.model.checkpoint import Model

SPREAD = 48  # tokens that a turn may be longer or shorter than the first one


class CudaRunner(Runner):
    """See `Runner`; for bf16 or fp16.

    Attributes:
        prefill_graphs: runs many tokens at once.
    """

    name = "cuda"
    max_draft_tokens = 0  # one token is a graph, several are not
    max_prefill_tokens = 8192  # its attention keeps no scores, so that only what lies between the layers counts
    is_async = True

    def __init__(self, model: Model, context: Context, attention: DecodeAttention) -> None:
        super().__init__(model, context, attention)
        self._weights = Weights.of(model.decoder)
        self.prefill_graphs = Prefill(model.config, self._weights, attention)
        self._decode_attention = attention
        self._graph: DecodeGraph | None = None

    def prepare_shapes(self, tokens: int, entries: range, often: bool) -> None:
        for more in (-SPREAD, 0, SPREAD):
            self.prefill_graphs.prepare_shapes(max(1, tokens + more), self.context.cache, entries, often)

    def prefill(self, drafted: Sequence[int] = (), limit: int = 0) -> Tensor:
        logits = super().prefill(drafted, limit)
        if limit:
            self._ready(limit).begin(*self._line_cos_sin)
        return logits

    def decode(self, ids: Sequence[int]) -> Tensor:
        if len(ids) > 1 or self._graph is None:
            return super().decode(ids)
        cache = self.context.cache
        logits = self._graph.step(ids[0], cache.length - self.context.ledger.cached, cache.length, cache.raw_key_length)
        cache.advance(1)
        return logits

    def _forward(
        self, embeddings: Tensor, cos: Tensor, sin: Tensor, n_logits: int, raw_key_tokens: np.ndarray | None = None
    ) -> Tensor:
        cache = self.context.cache
        tokens = len(embeddings)
        which = np.arange(tokens) if raw_key_tokens is None else raw_key_tokens
        slots = np.full(tokens, -1, np.int32)
        slots[which] = np.arange(cache.raw_key_length, cache.raw_key_length + len(which))
        logits = self.prefill_graphs(embeddings, cos, sin, cache, n_logits, slots)
        cache.advance(tokens, raw_key_tokens)
        return logits

    def _ready(self, limit: int) -> DecodeGraph:
        """The graph for the cache's present buffers, recorded anew where they have changed."""
        cache = self.context.cache
        graph = self._graph
        if graph is None or graph.buffers != buffers_of(cache) or graph.limit < limit:
            self._graph = None
            self._graph = graph = DecodeGraph(self.model.decoder, self._weights, self._decode_attention, cache, limit)
        return graph
