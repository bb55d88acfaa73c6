"""Draft tokens for speculative decoding, looked up in earlier lines.

Prompt lookup decoding (Saxena 2023) over all lines of the stream: commentary repeats itself. The decoder verifies a
whole draft in one run; only tokens that are sampled anyway are accepted.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

DRAFT_LENGTHS = (3, 3, 7, 7, 15)  # ids drafted after a known n-gram of 1, 2, ... ids: the longer, the likelier
MAX_NGRAM = len(DRAFT_LENGTHS)  # most ids that are matched
PREFILL_DRAFT_TOKENS = 7  # ids drafted for the start of an answer, run with the prefill
MAX_NGRAMS = 1 << 14


class NgramProposer:
    """Remembers which id followed each n-gram of up to MAX_NGRAM ids last.

    Attributes:
        end: the id that ends a line; never drafted.
        drafted, accepted: ids drafted so far, and those of them that were sampled.
    """

    def __init__(self, end: int) -> None:
        self.end = end
        self.drafted = self.accepted = 0
        self._next: dict[tuple[int, ...], int] = {}  # by n-gram, the latest last

    def learn(self, ids: Iterable[int], known: int = 0) -> None:
        """Add the n-grams of `ids`; above MAX_NGRAMS the oldest ones are dropped.

        Args:
            known: how many of the first ids have been added before.
        """
        ids = tuple(ids)
        for place in range(max(1, known), len(ids)):
            for start in range(max(0, place - MAX_NGRAM), place):
                run = ids[start:place]
                self._next.pop(run, None)
                self._next[run] = ids[place]
        if len(self._next) > MAX_NGRAMS:
            for run in list(islice(self._next, len(self._next) - MAX_NGRAMS)):
                del self._next[run]

    def propose(self, ids: Iterable[int], limit: int) -> list[int]:
        """At most `limit` ids that may follow `ids`, each by the longest known n-gram.

        The longer the n-gram before the first one, the more ids (DRAFT_LENGTHS).
        """
        ids = tuple(ids)[-MAX_NGRAM:]
        drafted: list[int] = []
        while len(drafted) < limit:
            known = next((ids[start:] for start in range(len(ids)) if ids[start:] in self._next), ())
            if not known or self._next[known] == self.end:
                break
            limit = limit if drafted else min(limit, DRAFT_LENGTHS[len(known) - 1])
            drafted.append(self._next[known])
            ids = (*ids, drafted[-1])[-MAX_NGRAM:]
        return drafted

    def count(self, drafted: int, accepted: int) -> None:
        """Count a draft of `drafted` ids, of which `accepted` were sampled."""
        self.drafted = self.drafted + drafted
        self.accepted = self.accepted + accepted
