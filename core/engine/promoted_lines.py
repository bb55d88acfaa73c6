"""The lines whose words have moved to the end of `previous text`: which rounds they were, and how far back they go."""

from __future__ import annotations

from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import takewhile

from core.config import StreamConfig
from core.prompt.ledger import Span, SpanKind


@dataclass(frozen=True, slots=True)
class PromotedLine:
    """A line whose words have moved to `previous text`.

    Attributes:
        round: in which it was said. start: source seconds at which that round began. tokens: of its words.
    """

    round: int
    start: float
    tokens: int


class PromotedLines:
    """Those still in the text window, oldest first."""

    def __init__(self, config: StreamConfig) -> None:
        self._text_rounds = config.cache.text_rounds
        self._window_tokens = config.cache.text_window_tokens
        self._chunk_s = config.chunk_s
        self._lines: deque[PromotedLine] = deque()

    def clear(self) -> None:
        """Forget all of them."""
        self._lines.clear()

    def lengths(self) -> list[tuple[int, int]]:
        """(round, tokens) of each, oldest first."""
        return [(line.round, line.tokens) for line in self._lines]

    def promote(self, spans: Iterable[Span], coming_round: int) -> None:
        """Note the words that the eviction before `coming_round` moves; lines that leave the text window go."""
        oldest = coming_round - self._text_rounds + 1
        for span in takewhile(lambda span: span.round < oldest, spans):
            if span.kind is SpanKind.WORDS:
                self._lines.append(PromotedLine(span.round, span.round * self._chunk_s, len(span.tokens)))
        surplus = sum(line.tokens for line in self._lines) - self._window_tokens
        while self._lines and surplus > self._lines[0].tokens:
            surplus -= self._lines.popleft().tokens

    def remove(self, rounds: set[int]) -> None:
        """Forget the lines of these rounds."""
        self._lines = deque(line for line in self._lines if line.round not in rounds)

    def remembers_s(self, spans: Sequence[Span], now: float) -> float:
        """Seconds watched whose words are in the context.

        Args:
            spans: the context. now: seconds watched in all, pauses and gaps left out.
        """
        in_place = [span.round * self._chunk_s for span in spans if span.kind is SpanKind.WORDS]
        oldest = min(in_place, default=now)
        left = self._window_tokens
        for line in reversed(self._lines):
            left -= line.tokens
            if left < 0:
                break
            oldest = line.start
        return max(0.0, now - oldest)
