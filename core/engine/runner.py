"""Runs new tokens through the decoder over the cache: the plain way, on any device."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from core.engine.attention import ENTRIES, CacheAttention, has_onednn_attention, prepare_matmul_shapes
from core.engine.context import Context
from core.engine.device import HAS_TRITON
from core.engine.draft import PREFILL_DRAFT_TOKENS
from core.model.checkpoint import Model
from core.model.linear import ROWS, padded


class Runner:
    """Gives tokens their keys and tells what may follow them. A faster device has its own `decode`.

    Attributes:
        max_draft_tokens: ids that are worth drafting inside a line, where they are run beside the one that was sampled.
        is_async: `decode` comes back before the device is done, so that tokens can be told meanwhile.
    """

    max_draft_tokens = 15
    is_async = False

    def __init__(self, model: Model, context: Context) -> None:
        self.model = model
        self.context = context
        self.device = model.decoder.embed.weight.device
        self._coming = (torch.empty(0), torch.empty(0))
        self._pads = has_onednn_attention(context.cache.values)

    def prepare_shapes(self, tokens: int, entries: range, often: bool) -> None:
        """Meet the shapes of turns of `tokens` and of somewhat longer ones over so many entries, before any is due.

        often: turns of that length are what there will be.

        On a CPU each new one takes memory, on a GPU time, and some would come after hours, as time stamps grow.
        """
        decoder = self.model.decoder
        cache = self.context.cache
        if not self._pads:
            return

        def attend(layer: int, q: Tensor, k: Tensor, v: Tensor) -> Tensor:
            stops = [stop for stop in (*entries[::ENTRIES], entries.stop) if stop >= q.shape[2]]
            prepare_matmul_shapes(q, cache.rotated[layer], cache.values[layer], stops)
            return q

        for some in (tokens, tokens + ROWS, *range(1 + self.max_draft_tokens, 0, -4)):
            decoder.layers[0](self._embed([0] * some)[None], attend)

    def prefill_draft_limit(self) -> int:
        """How many ids are worth drafting behind the ledger's pending tokens: more where those would be padded."""
        pending = len(self.context.ledger) - self.context.ledger.cached
        return padded(pending + PREFILL_DRAFT_TOKENS) - pending if self._pads else PREFILL_DRAFT_TOKENS

    def prefill(self, drafted: Sequence[int] = (), limit: int = 0) -> Tensor:
        """Give the ledger's pending tokens and the drafted ones their keys, and make ready for a line.

        Args:
            drafted: ids that may follow; `discard_last` takes back those that do not.
            limit: most tokens of the line, the drafted ones included.

        Returns:
            (1 + len(drafted), vocab) logits after the ledger's last token and after each drafted one.
        """
        ledger = self.context.ledger
        ids = [*ledger.pending(), *drafted]
        first = ledger.cached
        embeddings = self._embed(ids)
        pictures = self.context.embeddings.pending(ledger)
        for offset, embedded in pictures:
            embeddings[offset : offset + len(embedded)] = embedded
        raw_key_tokens = self.context.embeddings.raw_key_tokens(len(ids), pictures)
        cos, sin = self.context.positions.cos_sin(first, len(ledger) + limit)
        self._coming = cos[len(ledger) - first :], sin[len(ledger) - first :]
        logits = self._forward(embeddings, cos[: len(ids)], sin[: len(ids)], 1 + len(drafted), raw_key_tokens)
        ledger.cached = len(ledger)
        return logits

    def decode(self, ids: Sequence[int]) -> Tensor:
        """Run ids that follow the cached ones of the line begun by `prefill`; their keys join the cache.

        Returns:
            (len(ids), vocab) logits after each of them.
        """
        start = self.context.cache.length - self.context.ledger.cached
        place = slice(start, start + len(ids))
        cos, sin = self._coming
        return self._forward(self._embed(ids), cos[place], sin[place], len(ids))

    def discard_last(self, tokens: int) -> None:
        """Take the last tokens that were run back out of the cache."""
        self.context.cache.truncate(self.context.cache.length - tokens)

    def _forward(
        self, embeddings: Tensor, cos: Tensor, sin: Tensor, wanted: int, raw_key_tokens: np.ndarray | None = None
    ) -> Tensor:
        """(tokens, hidden) through the decoder and into the cache -> (wanted, vocab) logits after the last ones."""
        attention = CacheAttention(self.context.cache, cos, sin, raw_key_tokens)
        hidden = self.model.decoder(embeddings[None], attention, wanted)
        self.context.cache.advance(len(embeddings), raw_key_tokens)
        return self.model.decoder.logits(hidden[0])

    def _embed(self, ids: Sequence[int]) -> Tensor:
        return self.model.decoder.embed(torch.tensor(ids).to(self.device, non_blocking=True))


def fastest_runner(model: Model, context: Context) -> Runner:
    """The runner for the model's device and number format."""
    weight = model.decoder.embed.weight
    if not weight.is_cuda or weight.dtype == torch.float32 or not HAS_TRITON:
        return Runner(model, context)
    from core.engine.backends.cuda.runner import CudaRunner

    return CudaRunner(model, context)
