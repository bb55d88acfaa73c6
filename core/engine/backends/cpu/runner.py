"""The runner of a CPU: products by oneDNN, padded to few shapes, which are prepared before the first round."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from core.engine.backends.attention import Attention
from core.engine.backends.cache_attention import CacheAttention, decode_over_cache
from core.engine.backends.cpu.attention import KEY_BLOCK, OnednnAttention
from core.engine.backends.cpu.linear import ROW_BLOCK, padded_rows, pads_rows, use_onednn_linears
from core.engine.backends.runner import Runner, prefill_parts
from core.engine.context import Context
from core.engine.draft import PREFILL_DRAFT_TOKENS
from core.model.checkpoint import Model


class CpuRunner(Runner):
    """See `Runner`. Puts its own linear layers in the place of the model's."""

    name = "cpu"

    def __init__(self, model: Model, context: Context, attention: Attention) -> None:
        super().__init__(model, context, attention)
        use_onednn_linears(model, unpadded=model.vision)
        self._pads = pads_rows(context.cache.values.dtype)

    def prepare_shapes(self, tokens: int, entries: range, often: bool) -> None:
        if not self._pads:
            return
        cache = self.context.cache
        onednn = self.attention if isinstance(self.attention, OnednnAttention) else None

        def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            if onednn is not None:
                stops = [stop for stop in (*entries[::KEY_BLOCK], entries.stop) if stop >= q.shape[2]]
                onednn.prepare_shapes(q[0], cache.rotated[layer], cache.values[layer], stops)
            return q

        parts = [p for count in (tokens, tokens + ROW_BLOCK) for p in prefill_parts(count, 1, self.max_prefill_tokens)]
        counts = {part.stop - part.start for part in parts} | set(range(1 + self.max_draft_tokens, 0, -4))
        for count in sorted(counts, reverse=True):
            self.model.decoder.layers[0](self._embed([0] * count)[None], attend)

    def prefill_draft_limit(self) -> int:
        """More where the tokens would be padded to as many."""
        pending = len(self.context.ledger) - self.context.ledger.cached
        return padded_rows(pending + PREFILL_DRAFT_TOKENS) - pending if self._pads else PREFILL_DRAFT_TOKENS

    def _forward(
        self, embeddings: Tensor, cos: Tensor, sin: Tensor, n_logits: int, raw_key_tokens: np.ndarray | None = None
    ) -> Tensor:
        attention = CacheAttention(self.attention, self.context.cache, cos, sin, raw_key_tokens)
        return decode_over_cache(self.model.decoder, attention, embeddings, n_logits, raw_key_tokens)
