"""The ledger: all tokens of the context, as typed spans recorded when they are written."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from enum import Enum

TokenGrid = tuple[int, int, int]  # temporal indices, rows and columns of merged vision tokens


class SpanKind(Enum):
    SYSTEM = "system"
    PREVIOUS_OPEN = "previous_open"
    PREVIOUS_TEXT = "previous_text"
    PREVIOUS_CLOSE = "previous_close"
    USER_OPEN = "user_open"
    TIME = "time"
    VISION = "vision"
    QUESTION = "question"
    USER_CLOSE = "user_close"
    ANSWER_OPEN = "answer_open"
    WORDS = "words"
    STOP = "stop"
    ANSWER_CLOSE = "answer_close"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of tokens written together.

    Attributes:
        tokens: the ids.
        round: the round it belongs to; -1 for the opening.
        grid: of a VISION span: its vision tokens are between `<|vision_start|>` and `<|vision_end|>`.
        kept: which of the grid's tokens are written, one byte for each, row by row, 1 or 0; None: all of them.
        temporal_step: positions between two temporal indices of the grid; a fraction above 2 fps.
    """

    kind: SpanKind
    tokens: tuple[int, ...]
    round: int = -1
    grid: TokenGrid | None = None
    temporal_step: float = 1.0
    kept: bytes | None = None


class Ledger:
    """The spans in order, and how many of their leading tokens have keys in the cache.

    Attributes:
        spans: the context, first to last.
        cached: tokens, counted from the front, whose keys and values are cached; the rest is pending.
    """

    def __init__(self, opening: Iterable[Span]) -> None:
        self.spans: list[Span] = list(opening)
        self.cached = 0

    def __len__(self) -> int:
        return sum(len(span.tokens) for span in self.spans)

    def tokens(self) -> list[int]:
        """All ids in order."""
        return [token for span in self.spans for token in span.tokens]

    def round_spans(self, round_: int) -> list[Span]:
        """The spans of a round."""
        return [span for span in self.spans if span.round == round_]

    def remove_round(self, round_: int) -> int:
        """Remove the spans of a round; `cached` stays as it is. How many tokens are left."""
        self.spans = [span for span in self.spans if span.round != round_]
        return len(self)

    def has_pending_words(self) -> bool:
        """Whether words of an answer have no keys yet."""
        offset = 0
        for span in self.spans:
            offset += len(span.tokens)
            if span.kind is SpanKind.WORDS and span.tokens and offset > self.cached:
                return True
        return False

    def append(self, spans: Iterable[Span]) -> None:
        """Add spans at the end; their tokens are pending until they are prefilled."""
        self.spans.extend(spans)

    def replace(self, spans: list[Span], cached: int) -> None:
        """Replace all spans, the first `cached` tokens of which have keys."""
        self.spans = list(spans)
        self.cached = cached

    def pending(self) -> list[int]:
        """The ids that have no keys yet."""
        return self.tokens()[self.cached :]
