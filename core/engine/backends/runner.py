"""A runner takes new tokens through the decoder and into the KV cache: what one must do, and what all share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence

import numpy as np
import torch
from torch import Tensor

from core.engine.backends.attention import Attention
from core.engine.context import Context
from core.engine.draft import PREFILL_DRAFT_TOKENS
from core.model.checkpoint import Model


class Runner(ABC):
    """Gives tokens their keys and tells what may follow them. A backend brings `_forward`, and `decode` where one token
    is worth a way of its own.

    Attributes:
        name: of the backend, as `courtside doctor` and the statistics call it.
        attention: how tokens attend to the cache.
        max_draft_tokens: ids that are worth drafting inside a line, where they are run beside the one that was sampled.
        is_async: `decode` comes back before the device is done, so that tokens can be told meanwhile.
    """

    name: str
    max_draft_tokens = 15
    is_async = False

    def __init__(self, model: Model, context: Context, attention: Attention) -> None:
        self.model = model
        self.context = context
        self.attention = attention
        self.device = model.decoder.embed.weight.device
        self._line_cos_sin = (torch.empty(0), torch.empty(0))  # of the tokens of the line to come

    def prepare_shapes(self, tokens: int, entries: range, often: bool) -> None:  # noqa: B027 - most need none
        """Have ready what turns of `tokens`, and of somewhat longer ones, need over so many entries, before any is due.

        On a CPU each new shape takes memory, on a GPU time, and some would come after hours, as time stamps grow.

        Args:
            entries: how many there may be in the cache.
            often: turns of that length are what there will be.
        """

    def prefill_draft_limit(self) -> int:
        """How many ids are worth drafting behind the ledger's pending tokens."""
        return PREFILL_DRAFT_TOKENS

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
        self._line_cos_sin = cos[len(ledger) - first :], sin[len(ledger) - first :]
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
        cos, sin = self._line_cos_sin
        return self._forward(self._embed(ids), cos[place], sin[place], len(ids))

    def discard_last(self, tokens: int) -> None:
        """Take the last tokens that were run back out of the cache."""
        self.context.cache.truncate(self.context.cache.length - tokens)

    @abstractmethod
    def _forward(
        self, embeddings: Tensor, cos: Tensor, sin: Tensor, n_logits: int, raw_key_tokens: np.ndarray | None = None
    ) -> Tensor:
        """Run tokens behind those in the cache; their keys and values join it.

        Args:
            embeddings: (tokens, hidden). cos, sin: (tokens, head_dim), their rotation.
            raw_key_tokens: (n,) int64, those whose raw keys are kept, too; None: all.

        Returns:
            (n_logits, vocab) logits after the last ones.
        """

    def _embed(self, ids: Sequence[int]) -> Tensor:
        return self.model.decoder.embed(torch.tensor(ids).to(self.device, non_blocking=True))
