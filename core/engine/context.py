"""The context of one stream: ledger, cache and positions moving together, in each of the five modes."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import takewhile

import numpy as np
import torch
from torch import Tensor

from core.cache.cache_positions import CachePositions
from core.cache.coverage import miscounted_rounds, uncovered_places
from core.cache.kv_cache import CacheSize, Entries, KVCache
from core.cache.policy import EvictionPlan, Windows, plan_eviction, plan_retraction
from core.config import StreamConfig
from core.messages import TextMemory
from core.model.config import ModelConfig
from core.model.qwen2_5_vl.positions import contiguous_positions
from core.prompt.ledger import Ledger, Span, SpanKind, TokenGrid
from core.prompt.template import Template
from core.types import Chunk
from core.video.repeats import VisionWindow

KEEP_ALL = ("full", "window")  # modes that evict nothing
NEVER_TURN = ("recompute", "native")  # modes that leave keys as they are
MARKUP_TOKENS = 48  # most that a round takes besides its pictures and its words: roles, time stamp, a short question


@dataclass(frozen=True, slots=True)
class PromotedLine:
    """A line whose words have moved to `previous text`."""

    round: int
    start: float
    tokens: int


@dataclass(frozen=True, slots=True)
class Tail:
    """What stands behind the context while a new one is written in front of it."""

    spans: list[Span]
    entries: Entries
    positions: np.ndarray


class Context:
    """What the model has before it, and where each token positions.

    Attributes:
        ledger: the kept tokens as typed spans.
        cache: keys and values of the first `cache.length` of them.
        standing: where they stand.
        pictures: vision embeddings by round, kept only where they are computed anew (mode "recompute").
        vision_share: share of the vision window that is used at present.
        keeps_all: nothing is evicted; a mode of KEEP_ALL may lose that to the memory ceiling.
    """

    def __init__(
        self, config: StreamConfig, model: ModelConfig, template: Template, device: torch.device, dtype: torch.dtype
    ) -> None:
        self.config = config
        self.model = model
        self.template = template
        self.cache = KVCache(model, device, dtype)
        self.positions = CachePositions(model, self.cache, rebases=config.cache.mode != "native")
        self.pictures: dict[int, Tensor] = {}
        self.vision_share = 1.0
        self.keeps_all = self.mode in KEEP_ALL
        self._window_start = 0.0
        self._promoted: deque[PromotedLine] = deque()
        self.restart(config.context)

    @property
    def mode(self) -> str:
        return self.config.cache.mode

    @property
    def windows(self) -> Windows:
        cache = self.config.cache
        vision_rounds = self._vision_rounds(self.vision_share)
        return Windows(cache.text_rounds, vision_rounds, cache.sink_tokens, cache.text_window_tokens)

    def restart(self, context: str) -> None:
        """Begin anew: nothing but the opening, nothing cached."""
        self._given = context
        self._begin(self.template.opening(context))

    def restore(self, memory: TextMemory) -> None:
        """Begin with the words of an earlier stream; they get their keys with the next turn."""
        system, opening, previous, closing = self.template.opening("")
        self._begin([system, opening, replace(previous, tokens=memory.previous_text), closing])
        self._context_tokens = memory.context_tokens

    def text_memory(self, rounds: int, now: float) -> TextMemory:
        """The words kept, with those still in their rounds at the end."""
        words = [s.tokens for s in self.ledger.spans if s.kind in (SpanKind.PREVIOUS_TEXT, SpanKind.WORDS)]
        return TextMemory(tuple(token for tokens in words for token in tokens), self._context_tokens, rounds, now)

    def evict(self, coming_round: int, now: float) -> None:
        """Make room for a round that starts at source second `now`."""
        if self.mode == "window" and now - self._window_start >= self.config.cache.window_reset_s:
            self._window_start = now
            self.restart(self._given)
        if self.keeps_all or coming_round == 0:
            return  # the published code, too, reads a long context whole before it trims it
        if self.mode == "recompute":
            self.cache.truncate(0)
            self.ledger.cached = 0
        self._note_promotions(coming_round)
        self._carry_out(plan_eviction(self.ledger.spans, coming_round, self.windows))

    def fit(self, coming_round: int, fits: Callable[[CacheSize], bool]) -> None:
        """Let pictures go before their time, oldest first, until what is left fits, as far as that goes."""
        if self.keeps_all or fits(self.size()):
            return
        for rounds in range(self.windows.vision_rounds, 0, -1):
            smaller = plan_eviction(self.ledger.spans, coming_round, replace(self.windows, vision_rounds=rounds))
            if fits(self._size_of(smaller.spans)):
                break
        self._carry_out(smaller)

    def retract_lines(self, rounds: set[int]) -> None:
        """Take the words of these rounds back, wherever they stand; the pictures stay."""
        self._carry_out(plan_retraction(self.ledger.spans, rounds, [(p.round, p.tokens) for p in self._promoted]))
        self._promoted = deque(p for p in self._promoted if p.round not in rounds)

    def moves_words_without_keys(self) -> bool:
        """Whether the coming eviction moves a word sampled last: only with one text round, after a cut line."""
        if self.config.cache.text_rounds > 1 or self.keeps_all or self.mode == "recompute":
            return False
        offset = 0
        for span in self.ledger.spans:
            offset += len(span.tokens)
            if span.kind is SpanKind.WORDS and span.tokens and offset > self.ledger.cached:
                return True
        return False

    def vision_window(self, round_: int) -> VisionWindow:
        """What is there of the pictures before round `round_`, and for how long."""
        oldest = next((span.round for span in self.ledger.spans if span.kind is SpanKind.VISION), round_)
        return VisionWindow(round_, oldest, 0 if self.keeps_all else self.windows.vision_rounds)

    def write_turn(
        self, chunk: Chunk, round_: int, grid: TokenGrid, question: str, kept: bytes | None = None, begun: bool = False
    ) -> None:
        """Write the user turn of a round, in the place of what was begun of it, whose tokens keep their keys.

        Args:
            chunk: with all its frames. grid: of those seen. kept: which of its tokens are there; None: all.
            begun: only as far as the grid goes; more of it may come.
        """
        tokens = self.ledger.remove_round(round_)
        self.positions.truncate(tokens)
        step = self.model.vision.temporal_step(len(chunk.frames) / (chunk.end - chunk.start))
        turn = self.template.user_turn(round_, chunk.start, chunk.end, grid, question, step, kept)
        positions = contiguous_positions(turn, self.positions.positions[0, -1] + 1)
        if begun:
            pictures = next(number for number, span in enumerate(turn) if span.kind is SpanKind.VISION)
            turn[pictures:] = [replace(turn[pictures], tokens=turn[pictures].tokens[:-1])]
        self.ledger.append(turn)
        self.positions.append(positions[:, : len(self.ledger) - tokens])

    def rollback_round(self, round_: int) -> None:
        """Forget what was begun of the turn of a round, and its keys."""
        tokens = self.ledger.remove_round(round_)
        self.positions.truncate(tokens)
        if self.ledger.cached > tokens:
            self.cache.truncate(tokens)
            self.ledger.cached = tokens

    def pending_pictures(self) -> list[tuple[int, Tensor]]:
        """(offset among the pending tokens, embeddings) of each vision span, of those that have no keys yet."""
        found = []
        offset = -self.ledger.cached
        for span in self.ledger.spans:
            if span.kind is SpanKind.VISION and offset + len(span.tokens) > 0:
                first = offset + 1
                found.append((max(0, first), self.pictures[span.round][max(0, -first) :]))
            offset += len(span.tokens)
        return found

    def keep_pictures(self, round_: int, embeddings: Tensor) -> None:
        """Remember the embeddings of a round, and forget those no longer needed."""
        kept = {s.round for s in self.ledger.spans if s.kind is SpanKind.VISION} if self.mode == "recompute" else set()
        self.pictures = {r: e for r, e in self.pictures.items() if r in kept}
        self.pictures[round_] = embeddings

    def raw_key_tokens(self, tokens: int, pictures: Sequence[tuple[int, Tensor]]) -> np.ndarray | None:
        """Of the next tokens to get keys, with these pending pictures, those that also keep them unrotated: (n,) int64.

        None: all.
        """
        if not pictures or self._pictures_turn:
            return None
        text = np.ones(tokens, bool)
        for offset, embeddings in pictures:
            text[offset : offset + len(embeddings)] = False
        return np.flatnonzero(text)

    def cut_context(self, text: str) -> Tail:
        """Leave only the opening with a new context, which gets its keys next; what stood behind the old one."""
        spans = self.ledger.spans
        cached = self.ledger.cached
        system, opening, previous, *rest = spans
        front = len(system.tokens) + len(opening.tokens)
        back = front + self._context_tokens
        positions = self.positions.extended_to(len(self.ledger))
        tail = Tail(
            [replace(previous, tokens=previous.tokens[self._context_tokens :]), *rest],
            self.cache.tokens(back, cached),
            positions[:, back:],
        )
        tokens = self.template.encode(text) if text else ()
        self.ledger.replace([system, opening, replace(previous, tokens=tokens)], front)
        self.cache.truncate(front)
        self._context_tokens = len(tokens)
        self._given = text
        self.positions.truncate(front)
        return tail

    def put_back(self, tail: Tail) -> None:
        """Set the tail behind the new context, its keys and values as they were."""
        system, opening, previous = self.ledger.spans
        words, *rest = tail.spans
        self.cache.extend(tail.entries)
        previous = replace(previous, tokens=previous.tokens + words.tokens)
        front = self.positions.extended_to(self.ledger.cached)
        self.ledger.replace([system, opening, previous, *rest], self.cache.length)
        self.positions.rebase([front, tail.positions], 1, _front(self.ledger.spans))

    def size(self, text: int = 0) -> CacheSize:
        """Of the ledger, and so many tokens of text behind it."""
        return self._size_of(self.ledger.spans) + CacheSize(text, text)

    def max_size(self, picture_tokens: int, vision_share: float) -> CacheSize:
        """The most the cache will ever hold when a round's pictures take `picture_tokens`."""
        cache = self.config.cache
        limit = self.config.sampling.max_new_tokens
        vision_rounds = self._vision_rounds(vision_share)
        rounds = max(cache.text_rounds, vision_rounds)
        text = cache.sink_tokens + cache.text_window_tokens + (rounds + 1) * (MARKUP_TOKENS + limit)
        return CacheSize(text, text) + self.vision_size(vision_rounds * picture_tokens)

    def vision_size(self, tokens: int) -> CacheSize:
        """Of so many tokens of pictures."""
        return CacheSize(tokens, tokens if self._pictures_turn else 0)

    def _size_of(self, spans: list[Span]) -> CacheSize:
        tokens = sum(len(span.tokens) for span in spans)
        pictures = sum(len(span.tokens) - 2 for span in spans if span.grid)  # less the markers
        return CacheSize(tokens - pictures, tokens - pictures) + self.vision_size(pictures)

    @property
    def _pictures_turn(self) -> bool:
        """Whether pictures move away from the newest key: where they outlive the words beside them."""
        outlive = self.config.vision_rounds() > self.config.cache.text_rounds
        return outlive and self.mode not in NEVER_TURN

    def remembers_s(self, now: float) -> float:
        """Seconds watched whose words are in the context; `now`: seconds watched in all, pauses and gaps left out."""
        in_place = [span.round * self.config.chunk_s for span in self.ledger.spans if span.kind is SpanKind.WORDS]
        oldest = min(in_place, default=now)
        left = self.config.cache.text_window_tokens
        for line in reversed(self._promoted):
            left -= line.tokens
            if left < 0:
                break
            oldest = line.start
        return max(0.0, now - oldest)

    def check_integrity(self) -> None:
        """Raise AssertionError, with all the counts, when ledger, cache, positions and grids disagree."""
        tokens = len(self.ledger)
        cached = self.ledger.cached
        length = self.cache.length
        keys = self.cache.raw_key_length
        own = self.positions.positions
        wanted = contiguous_positions(self.ledger.spans)[:, : own.shape[1]]
        if self.positions.rebases and not np.allclose(own - self.positions.origin, wanted, rtol=0, atol=1e-6):
            raise AssertionError("tokens do not stand side by side")
        counts = (
            f"ledger {tokens} tokens of which {cached} cached, cache {length} of {self.cache.capacity}, raw keys "
            f"{keys} of {self.cache.raw_key_capacity}"
        )
        if cached != length or cached > tokens or length > self.cache.capacity or keys > self.cache.raw_key_capacity:
            raise AssertionError(f"ledger and cache disagree: {counts}")
        if own.shape[1] > tokens or self.positions.extended_to(tokens).shape[1] != tokens:
            raise AssertionError(f"ledger and positions disagree: {own.shape[1]} positions, {counts}")
        if odd := miscounted_rounds(self.ledger.spans):
            raise AssertionError(f"spans and their grids disagree in rounds {odd}: {counts}")
        if unseen := uncovered_places(self.ledger.spans):
            raise AssertionError(f"{unseen} places of the newest grid are shown by no token: {counts}")

    def _vision_rounds(self, share: float) -> int:
        """Rounds whose pictures stay when `share` of the vision window is used."""
        return max(1, int(self.config.vision_rounds() * share))

    def _begin(self, spans: list[Span]) -> None:
        self.ledger = Ledger(spans)
        self.positions.restart()
        self.cache.truncate(0)
        self._promoted.clear()
        self._context_tokens = len(spans[2].tokens)

    def _carry_out(self, eviction: EvictionPlan) -> None:
        cached = self.ledger.cached
        if cached and any(stop > cached for _, stop in eviction.slices[:-1]):
            raise AssertionError("a token without keys would be moved; prefill it first")
        positions = self.positions.extended_to(len(self.ledger))
        front = _front(eviction.spans)
        kept = [(start, min(stop, cached)) for start, stop in eviction.slices if start < cached]
        self.cache.compact(kept, front if kept else 0)
        self.ledger.replace(eviction.spans, self.cache.length)
        pieces = [positions[:, start:stop] for start, stop in eviction.slices]
        self.positions.rebase(pieces, max(0, len(kept) - 1), front)
        if len(self.ledger.spans[2].tokens) > self.config.cache.sink_tokens:
            self._context_tokens = min(self._context_tokens, self.config.cache.sink_tokens)

    def _note_promotions(self, coming_round: int) -> None:
        oldest = coming_round - self.config.cache.text_rounds + 1
        for span in takewhile(lambda span: span.round < oldest, self.ledger.spans):
            if span.kind is SpanKind.WORDS:
                self._promoted.append(PromotedLine(span.round, span.round * self.config.chunk_s, len(span.tokens)))
        surplus = sum(line.tokens for line in self._promoted) - self.config.cache.text_window_tokens
        while self._promoted and surplus > self._promoted[0].tokens:
            surplus -= self._promoted.popleft().tokens


def _front(spans: list[Span]) -> int:
    """How many tokens stand in front of all rounds."""
    return sum(len(span.tokens) for span in takewhile(lambda span: span.round < 0, spans))
