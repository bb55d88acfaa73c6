"""The reference: plain PyTorch modules, on any device and in any number format. All others are tested against it."""

from __future__ import annotations

import numpy as np
from torch import Tensor

from core.engine.backends.cache_attention import CacheAttention, decode_over_cache
from core.engine.backends.runner import Runner


class ReferenceRunner(Runner):
    """See `Runner`."""

    name = "reference"

    def _forward(
        self, embeddings: Tensor, cos: Tensor, sin: Tensor, n_logits: int, raw_key_tokens: np.ndarray | None = None
    ) -> Tensor:
        attention = CacheAttention(self.attention, self.context.cache, cos, sin, raw_key_tokens)
        return decode_over_cache(self.model.decoder, attention, embeddings, n_logits, raw_key_tokens)
