"""Sizes of a KV cache: in tokens and in raw keys, of spans and of the most that a stream may ever hold. No torch."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from core.config import StreamConfig
from core.prompt.ledger import Span

BLOCK = 256  # capacities are multiples of this
MARKUP_TOKENS = 48  # most of a round besides its vision tokens and words: roles, time stamp, a short question


@dataclass(frozen=True, slots=True)
class CacheSize:
    """A number of tokens, and how many of them have raw (unrotated) keys."""

    tokens: int
    raw_keys: int

    def __add__(self, other: CacheSize) -> CacheSize:
        """Both together."""
        return CacheSize(self.tokens + other.tokens, self.raw_keys + other.raw_keys)

    def __or__(self, other: CacheSize) -> CacheSize:
        """Enough for either."""
        return CacheSize(max(self.tokens, other.tokens), max(self.raw_keys, other.raw_keys))

    def at_most(self, most: CacheSize) -> CacheSize:
        """No more than `most` of either."""
        return CacheSize(min(self.tokens, most.tokens), min(self.raw_keys, most.raw_keys))

    def rounded_to_block(self) -> CacheSize:
        """What is allocated for it: whole blocks."""
        return CacheSize(-(-self.tokens // BLOCK) * BLOCK, -(-self.raw_keys // BLOCK) * BLOCK)


class CacheSizes:
    """Sizes of what a stream with this configuration holds.

    Attributes:
        vision_has_raw_keys: vision keys are rotated anew, too: where the vision tokens of a round outlive its words.
    """

    def __init__(self, config: StreamConfig) -> None:
        self._config = config
        mode = config.cache.behaviour
        outlive = config.vision_rounds() > config.cache.text_rounds
        self.vision_has_raw_keys = outlive and mode.rotates and not mode.recomputes

    def vision(self, tokens: int) -> CacheSize:
        """Of that many vision tokens."""
        return CacheSize(tokens, tokens if self.vision_has_raw_keys else 0)

    def spans(self, spans: Iterable[Span]) -> CacheSize:
        """Of the tokens of spans."""
        tokens = 0
        vision = 0
        for span in spans:
            tokens += len(span.tokens)
            if span.grid:
                vision += len(span.tokens) - 2  # less the markers
        return CacheSize(tokens - vision, tokens - vision) + self.vision(vision)

    def largest(self, vision_tokens: int, vision_share: float) -> CacheSize:
        """The most that the cache will ever hold.

        Args:
            vision_tokens: of a round.
            vision_share: how much of the vision window is used.
        """
        cache = self._config.cache
        limit = self._config.sampling.max_new_tokens
        vision_rounds = self._config.vision_rounds(vision_share)
        rounds = max(cache.text_rounds, vision_rounds)
        text = cache.sink_tokens + cache.text_window_tokens + (rounds + 1) * (MARKUP_TOKENS + limit)
        return CacheSize(text, text) + self.vision(vision_rounds * vision_tokens)
