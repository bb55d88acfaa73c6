"""The interface of runners, which run new tokens through the decoder and into the KV cache, and what all share."""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from core.engine.backends.attention import Attention
from core.engine.context import Context
from core.engine.draft import PREFILL_DRAFT_TOKENS
from core.model.checkpoint import Model


class Runner(ABC):
    """Computes keys, values and logits of new tokens. A backend implements `_forward`, and `decode` where one token
    has a faster implementation of its own.

    Attributes:
        name: of the backend, as `courtside doctor` and the statistics call it.
        attention: how tokens attend to the cache.
        max_draft_tokens: most ids drafted inside a line and verified with the sampled one in one run; 0: none.
        max_prefill_tokens: about how many are run at once; more are run part by part (chunked prefill), so that memory
            does not grow with the square of a long context. What is computed is the same.
        is_async: `decode` returns before the device is done, so that tokens can be given out meanwhile.
        prefilled_tokens: run by `prefill` since the start, drafted ones left out.
    """

    name: str
    max_draft_tokens = 15
    max_prefill_tokens = 1024
    is_async = False

    def __init__(self, model: Model, context: Context, attention: Attention) -> None:
        self.model = model
        self.context = context
        self.attention = attention
        self.device = model.decoder.embed.weight.device
        self.prefilled_tokens = 0
        self._line_cos_sin = (torch.empty(0), torch.empty(0))  # of the tokens of the line to come

    def prepare_shapes(self, tokens: int, entries: range, often: bool) -> None:  # noqa: B027 - most need none
        """Compile and record whatever turns of about `tokens` tokens need over caches of so many entries.

        Each new shape takes memory on a CPU and time on a GPU, and some would come after hours, as time stamps grow.

        Args:
            entries: lengths that the cache may have.
            often: nearly all turns will have that length.
        """

    def prefill_draft_limit(self) -> int:
        """Most ids to draft behind the ledger's pending tokens."""
        return PREFILL_DRAFT_TOKENS

    def prefill(self, drafted: Sequence[int] = (), limit: int = 0) -> Tensor:
        """Run the ledger's pending tokens and the drafted ones, whose keys join the cache, and prepare for a line.

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
        vision = self.context.embeddings.pending(ledger)
        for offset, embedded in vision:
            embeddings[offset : offset + len(embedded)] = embedded
        raw_key_tokens = self.context.embeddings.raw_key_tokens(len(ids), vision)
        cos, sin = self.context.positions.cos_sin(first, len(ledger) + limit)
        self._line_cos_sin = cos[len(ledger) - first :], sin[len(ledger) - first :]
        for part in prefill_parts(len(ids), 1 + len(drafted), self.max_prefill_tokens):
            wanted = 1 + len(drafted) if part.stop == len(ids) else 1
            with_raw_keys = _inside(raw_key_tokens, part)
            logits = self._forward(embeddings[part], cos[part], sin[part], wanted, with_raw_keys)
        ledger.cached = len(ledger)
        self.prefilled_tokens += len(ids) - len(drafted)
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
        """Remove the last tokens that were run from the cache."""
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


def prefill_parts(tokens: int, n_logits: int, most: int) -> list[slice]:
    """Parts of `most` tokens, but for the last one, which has the `n_logits` last tokens whole."""
    starts = range(0, max(1, tokens - n_logits + 1), most)
    return [slice(start, stop) for start, stop in pairwise([*starts, tokens])]


def _inside(chosen: np.ndarray | None, part: slice) -> np.ndarray | None:
    """Those of the chosen tokens (n,) that are in a part, counted from its start; None stays: all."""
    if chosen is None:
        return None
    return chosen[(chosen >= part.start) & (chosen < part.stop)] - part.start
