"""The context of one stream: ledger, cache and positions moving together, in each of the five modes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from itertools import takewhile

import torch

from core.cache.cache_positions import CachePositions
from core.cache.cache_size import CacheSize, CacheSizes
from core.cache.kv_cache import KVCache
from core.cache.policy import EvictionPlan, Windows, plan_eviction, plan_retraction
from core.config import StreamConfig
from core.engine.promoted_lines import PromotedLines
from core.engine.vision_embeddings import VisionEmbeddings
from core.messages import TextMemory
from core.model.config import ModelConfig
from core.model.qwen2_5_vl.positions import contiguous_positions
from core.prompt.ledger import Ledger, Span, SpanKind, TokenGrid
from core.prompt.template import Template
from core.types import Chunk

LONGEST_TOKEN_CHARACTERS = 64
"""Texts of more characters than that for each token allowed are cut before they are encoded, which takes its time."""


class Context:
    """All that the model attends to, and the position of each token.

    Attributes:
        mode: what happens to the cache from round to round.
        ledger: the kept tokens as typed spans.
        cache: keys and values of the first `cache.length` of them.
        positions: of all of them.
        embeddings: of vision tokens that get their keys next.
        promoted: lines whose words have moved to `previous text`.
        sizes: how large a cache they need.
        windows: how much an eviction keeps.
        surplus_tokens: of the user's context, above the limit; it was cut where there are any.
        evicts: whether there are evictions; the memory limit may ask for them in a mode that has none.
    """

    def __init__(
        self, config: StreamConfig, model: ModelConfig, template: Template, device: torch.device, dtype: torch.dtype
    ) -> None:
        self.config = config
        self.model = model
        self.template = template
        self.mode = config.cache.behaviour
        self.cache = KVCache(model, device, dtype)
        self.positions = CachePositions(model, self.cache, rebases=self.mode.rotates)
        self.sizes = CacheSizes(config)
        self.embeddings = VisionEmbeddings(self.mode.recomputes, self.sizes.vision_has_raw_keys)
        self.promoted = PromotedLines(config)
        self.windows = Windows.of(config)
        self.evicts = self.mode.evicts
        self._reset_at = 0.0  # source seconds
        self.restart(config.context)

    def restart(self, text: str) -> None:
        """Begin anew: nothing but the opening with the user's context, nothing cached."""
        self._text = text
        self.ledger = Ledger(self.template.opening(""))
        self.ledger.spans[2] = replace(self.ledger.spans[2], tokens=self._encoded(text))
        self._text_tokens = len(self.ledger.spans[2].tokens)
        self.positions.restart()
        self.cache.truncate(0)
        self.promoted.clear()

    def _encoded(self, text: str) -> tuple[int, ...]:
        """The tokens of a user's context; of one above the limit its first and last ones, as an eviction keeps them."""
        limit = self.config.cache.context_limit_tokens
        most = limit * LONGEST_TOKEN_CHARACTERS
        tokens = self.template.encode(text if len(text) <= 2 * most else text[:most] + text[-most:]) if text else ()
        self.surplus_tokens = max(0, len(tokens) - limit)
        if not self.surplus_tokens:
            return tokens
        sink = self.windows.sink_tokens
        return tokens[:sink] + tokens[max(sink, len(tokens) - self.windows.text_window_tokens) :]

    def restore(self, memory: TextMemory) -> None:
        """Begin with the words of an earlier stream; they get their keys with the next turn."""
        self.restart(self._text)
        self.ledger.spans[2] = replace(self.ledger.spans[2], tokens=memory.previous_text)
        self._text_tokens = memory.context_tokens

    def restore_text(self, memory: TextMemory) -> None:
        """Begin with the words of another stream behind this one's own context; of more words than the text window
        holds, with the last ones.

        Ids that say something else to this tokenizer, or nothing, are not its own: there the words are encoded.
        """
        self.restart(self._text)
        words = memory.previous_text[memory.context_tokens :]
        known = all(token < self.template.tokenizer.get_vocab_size() for token in words)
        if not known or self._decoded(words) != memory.words:
            words = self.template.encode(memory.words)
        previous = self.ledger.spans[2]
        kept = words[max(0, len(words) - self.windows.text_window_tokens) :]
        self.ledger.spans[2] = replace(previous, tokens=previous.tokens + kept)

    def _decoded(self, tokens: tuple[int, ...]) -> str:
        return str(self.template.tokenizer.decode(list(tokens), skip_special_tokens=False))

    def text_memory(self, rounds: int, now: float) -> TextMemory:
        """The words kept, with those still in their rounds at the end."""
        words = [s.tokens for s in self.ledger.spans if s.kind in (SpanKind.PREVIOUS_TEXT, SpanKind.WORDS)]
        tokens = tuple(token for span in words for token in span)
        return TextMemory(tokens, self._text_tokens, rounds, now, self._decoded(tokens[self._text_tokens :]))

    def evict(self, coming_round: int, now: float, prefill: Callable[[], object]) -> None:
        """Make room for a round that starts at source second `now`.

        Args:
            prefill: gives the pending tokens keys; only where words without keys would be moved.
        """
        if self.mode.resets and now - self._reset_at >= self.config.cache.window_reset_s:
            self._reset_at = now
            self.restart(self._text)
        if not self.evicts or coming_round == 0:
            return  # the published code, too, reads a long context whole before it trims it
        if self.mode.recomputes:
            self.cache.truncate(0)
            self.ledger.cached = 0
        elif self.config.cache.text_rounds == 1 and self.ledger.has_pending_words():
            prefill()
        self.promoted.promote(self.ledger.spans, coming_round)
        self._carry_out(plan_eviction(self.ledger.spans, coming_round, self.windows))

    def fit(self, coming_round: int, fits: Callable[[CacheSize], bool]) -> None:
        """Evict vision tokens before their time, oldest first, until what is left fits, as far as that goes."""
        if not self.evicts or fits(self.size()):
            return
        for rounds in range(self.windows.vision_rounds, 0, -1):
            smaller = plan_eviction(self.ledger.spans, coming_round, replace(self.windows, vision_rounds=rounds))
            if fits(self.sizes.spans(smaller.spans)):
                break
        self._carry_out(smaller)

    def retract_lines(self, rounds: set[int]) -> None:
        """Remove the words of these rounds, wherever they are; the vision tokens stay."""
        self._carry_out(plan_retraction(self.ledger.spans, rounds, self.promoted.lengths()))
        self.promoted.remove(rounds)

    def replace_context(self, text: str, prefill: Callable[[], object]) -> None:
        """Write another context in the place of the user's; all that comes after keeps its keys.

        Args:
            prefill: gives the pending tokens, the new context, keys.
        """
        if not self.ledger.cached:
            self.restart(text)
            return
        system, opening, previous, *rest = self.ledger.spans
        front = len(system.tokens) + len(opening.tokens)
        back = front + self._text_tokens
        words = previous.tokens[self._text_tokens :]
        entries = self.cache.tokens(back, self.ledger.cached)
        positions = self.positions.extended_to(len(self.ledger))[:, back:]
        new = replace(previous, tokens=self._encoded(text))
        self.ledger.replace([system, opening, new], front)
        self.cache.truncate(front)
        self.positions.truncate(front)
        prefill()
        self.cache.extend(entries)
        moved = [self.positions.extended_to(self.ledger.cached), positions]
        self.ledger.replace([system, opening, replace(new, tokens=new.tokens + words), *rest], self.cache.length)
        self.positions.rebase(moved, 1, _opening_tokens(self.ledger.spans))
        self._text = text
        self._text_tokens = len(new.tokens)

    def write_turn(
        self,
        chunk: Chunk,
        round_: int,
        grid: TokenGrid,
        question: str,
        kept: bytes | None = None,
        partial: bool = False,
    ) -> None:
        """Write the user turn of a round, in the place of what was written of it, whose tokens keep their keys.

        Args:
            chunk: with all its frames. grid: of those encoded. kept: which of its tokens are there; None: all.
            partial: only as far as the grid goes; more of it may come.
        """
        tokens = self.ledger.remove_round(round_)
        self.positions.truncate(tokens)
        step = self.model.vision.temporal_step(len(chunk.frames) / (chunk.end - chunk.start))
        turn = self.template.user_turn(round_, chunk.start, chunk.end, grid, question, step, kept)
        positions = contiguous_positions(turn, self.positions.positions[0, -1] + 1)
        if partial:
            vision = next(number for number, span in enumerate(turn) if span.kind is SpanKind.VISION)
            turn[vision:] = [replace(turn[vision], tokens=turn[vision].tokens[:-1])]
        self.ledger.append(turn)
        self.positions.append(positions[:, : len(self.ledger) - tokens])

    def rollback_round(self, round_: int) -> None:
        """Remove what was written of the turn of a round, and its keys."""
        tokens = self.ledger.remove_round(round_)
        self.positions.truncate(tokens)
        if self.ledger.cached > tokens:
            self.cache.truncate(tokens)
            self.ledger.cached = tokens

    def size(self, text: int = 0) -> CacheSize:
        """Of the ledger, and that many tokens of text after it."""
        return self.sizes.spans(self.ledger.spans) + CacheSize(text, text)

    def _carry_out(self, eviction: EvictionPlan) -> None:
        """Do to ledger, cache and positions what a plan says."""
        cached = self.ledger.cached
        if cached and any(stop > cached for _, stop in eviction.slices[:-1]):
            raise AssertionError("a token without keys would be moved; prefill it first")
        positions = self.positions.extended_to(len(self.ledger))
        opening = _opening_tokens(eviction.spans)
        kept = [(start, min(stop, cached)) for start, stop in eviction.slices if start < cached]
        self.cache.compact(kept, opening if kept else 0)
        self.ledger.replace(eviction.spans, self.cache.length)
        pieces = [positions[:, start:stop] for start, stop in eviction.slices]
        self.positions.rebase(pieces, max(0, len(kept) - 1), opening)
        if len(self.ledger.spans[2].tokens) > self.config.cache.sink_tokens:
            self._text_tokens = min(self._text_tokens, self.config.cache.sink_tokens)


def _opening_tokens(spans: list[Span]) -> int:
    """How many tokens there are before all rounds: the system turn and `previous text`."""
    return sum(len(span.tokens) for span in takewhile(lambda span: span.round < 0, spans))
