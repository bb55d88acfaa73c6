"""The draft: what a line will probably go on with, looked up in what was said before.

Prompt lookup decoding (Saxena 2023) over all lines said: commentary says the same things again and again. The decoder
reads a whole draft in one run, and only what would have been sampled anyway stays.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import islice

DRAFT_LENGTHS = (
    3,
    3,
    7,
    7,
    15,
)  # ids drafted behind a known run of 1, 2, ... ids: the longer it is, the likelier the draft
MAX_NGRAM = len(DRAFT_LENGTHS)  # most ids in front of a place that are compared
PREFILL_DRAFT_TOKENS = 7  # ids of a draft that is read with a turn
MAX_NGRAMS = 1 << 14


class NgramProposer:
    """Which id came last behind each run of up to MAX_NGRAM ids.

    Attributes:
        end: the id behind which nothing is asked for.
        offered, taken: ids drafted so far, and those of them that were said.
    """

    def __init__(self, end: int) -> None:
        self.end = end
        self.drafted = self.accepted = 0
        self._next: dict[tuple[int, ...], int] = {}  # runs seen last stand last

    def learn(self, ids: Iterable[int], known: int = 0) -> None:
        """Take in what follows what in `ids`; what has not been seen for longest is forgotten.

        Args:
            known: how many of the first ids have been taken in before.
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
        """At most `limit` ids that may follow `ids`, each by the longest run that is known; never `end`.

        Fewer where the run that the first one follows is short.
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

    def count(self, offered: int, taken: int) -> None:
        """Note how a draft fared."""
        self.drafted = self.drafted + offered
        self.accepted = self.accepted + taken
