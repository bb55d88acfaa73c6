"""The vision embeddings whose tokens have no keys yet, or lose them every round."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from torch import Tensor

from core.prompt.ledger import Ledger, SpanKind


class VisionEmbeddings:
    """Embeddings (tokens, hidden) of the vision tokens in the context.

    Attributes:
        by_round: of the newest round; of all rounds in the context where keys are recomputed.
    """

    def __init__(self, keep_all: bool, has_raw_keys: bool) -> None:
        """keep_all: keys are recomputed each round. has_raw_keys: vision tokens get raw keys, too."""
        self.by_round: dict[int, Tensor] = {}
        self._keep_all = keep_all
        self._has_raw_keys = has_raw_keys

    def store(self, round_: int, embeddings: Tensor, ledger: Ledger) -> None:
        """Add those of a round, and drop those no longer needed."""
        kept = {s.round for s in ledger.spans if s.kind is SpanKind.VISION} if self._keep_all else set()
        self.by_round = {r: e for r, e in self.by_round.items() if r in kept}
        self.by_round[round_] = embeddings

    def pending(self, ledger: Ledger) -> list[tuple[int, Tensor]]:
        """(offset among the pending tokens, embeddings) of each vision span, of those tokens that have no keys yet."""
        found = []
        offset = -ledger.cached
        for span in ledger.spans:
            if span.kind is SpanKind.VISION and offset + len(span.tokens) > 0:
                first = offset + 1
                found.append((max(0, first), self.by_round[span.round][max(0, -first) :]))
            offset += len(span.tokens)
        return found

    def raw_key_tokens(self, tokens: int, pending: Sequence[tuple[int, Tensor]]) -> np.ndarray | None:
        """Of the next `tokens` to get keys, with these pending embeddings, those that get raw keys: (n,) int64.

        None: all.
        """
        if not pending or self._has_raw_keys:
            return None
        text = np.ones(tokens, bool)
        for offset, embeddings in pending:
            text[offset : offset + len(embeddings)] = False
        return np.flatnonzero(text)
