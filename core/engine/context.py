"""The context of one stream: ledger, cache and positions moving together, in each of the five modes."""

from __future__ import annotations

from collections import deque

import numpy as np
import torch
from torch import Tensor

from core.cache.kv_cache import KVCache
from core.cache.policy import Plan, Windows, plan
from core.cache.positions import contiguous
from core.config import StreamConfig
from core.model.config import ModelConfig
from core.model.rotary import mrope
from core.prompt.ledger import Grid, Ledger, Span, SpanKind
from core.prompt.template import Template
from core.types import Chunk


class Context:
    """What the model has before it, and where each token stands.

    Attributes:
        ledger: the kept tokens as typed spans.
        cache: keys and values of the ledger's first `cache.length` tokens.
        positions: (3, tokens) float32 numpy, the position of each ledger token at this round.
        pictures: vision embeddings by round, kept only where they are computed anew (mode "recompute").
    """

    def __init__(
        self, config: StreamConfig, model: ModelConfig, template: Template, device: torch.device, dtype: torch.dtype
    ) -> None:
        self.config, self.model, self.template = config, model, template
        self.cache = KVCache(model, device, dtype)
        self.ledger = Ledger(template.opening(config.context))
        self.positions = np.zeros((3, 0), np.float32)
        self.pictures: dict[int, Tensor] = {}
        self._device = device
        self._window_start = 0.0
        self._promoted: deque[tuple[float, int]] = deque()
        cache = config.cache
        self._windows = Windows(cache.text_rounds, config.vision_rounds(), cache.sink_tokens, cache.text_window_tokens)

    @property
    def mode(self) -> str:
        return self.config.cache.mode

    def evict(self, coming_round: int, now: float) -> None:
        """Make room for a round that starts at source second `now`."""
        if self.mode == "window" and now - self._window_start >= self.config.cache.window_reset_s:
            self._restart(now)
        if self.mode in ("full", "window"):
            return
        if self.mode == "native":
            self._extend_positions()
        self._note_promotions(coming_round)
        self._carry_out(plan(self.ledger.spans, coming_round, self._windows))
        if self.mode == "recompute":
            self.cache.clear()
            self.ledger.cached = 0

    def moves_words_without_keys(self) -> bool:
        """Whether the coming eviction moves a word sampled last: only with one text round, after a cut line."""
        if self._windows.text_rounds > 1 or self.mode not in ("streaming", "native"):
            return False
        offset = 0
        for span in self.ledger.spans:
            offset += len(span.tokens)
            if span.kind is SpanKind.WORDS and span.tokens and offset > self.ledger.cached:
                return True
        return False

    def append_turn(self, chunk: Chunk, round_: int, grid: Grid, question: str) -> None:
        """Write the user turn of a round and give every token its position."""
        step = self.model.vision.temporal_step(len(chunk.frames) / (chunk.end - chunk.start))
        self.ledger.append(self.template.turn(round_, chunk.start, chunk.end, grid, question, step))
        self.settle_positions()

    def settle_positions(self) -> None:
        """Give tokens written since the last turn their positions."""
        if self.mode == "native":
            self._extend_positions()
        else:
            self.positions = contiguous(self.ledger.spans)

    def rotation(self, start: int, stop: int) -> tuple[Tensor, Tensor]:
        """cos, sin (stop - start, head_dim) of the ledger's tokens [start, stop)."""
        return self._mrope(self.positions[:, start:stop])

    def coming_rotation(self, tokens: int) -> tuple[Tensor, Tensor]:
        """cos, sin (tokens, head_dim) of text tokens that may follow the ledger's last one."""
        coming = self.positions.max() + 1 + np.arange(tokens, dtype=np.float32)
        return self._mrope(np.broadcast_to(coming, (3, tokens)))

    def pending_pictures(self) -> list[tuple[int, Tensor]]:
        """(offset among the pending tokens, embeddings) of each vision span that has no keys yet."""
        found, offset = [], -self.ledger.cached
        for span in self.ledger.spans:
            if span.kind is SpanKind.VISION and offset >= 0:
                found.append((offset + 1, self.pictures[span.round]))
            offset += len(span.tokens)
        return found

    def keep_pictures(self, round_: int, embeddings: Tensor) -> None:
        """Remember the embeddings of a round, and forget those no longer needed."""
        kept = {s.round for s in self.ledger.spans if s.kind is SpanKind.VISION} if self.mode == "recompute" else set()
        self.pictures = {r: e for r, e in self.pictures.items() if r in kept}
        self.pictures[round_] = embeddings

    def remembers_s(self, now: float) -> float:
        """Seconds of source time whose words are in the context, without a gap, counted back from `now`."""
        in_place = [span.round * self.config.chunk_s for span in self.ledger.spans if span.kind is SpanKind.WORDS]
        oldest, left = min(in_place, default=now), self.config.cache.text_window_tokens
        for start, tokens in reversed(self._promoted):
            left -= tokens
            if left < 0:
                break
            oldest = start
        return max(0.0, now - oldest)

    def check_integrity(self) -> None:
        """Raise AssertionError, with all the counts, when ledger, cache and positions disagree."""
        tokens, cached, length = len(self.ledger), self.ledger.cached, self.cache.length
        counts = f"ledger {tokens} tokens of which {cached} cached, cache {length} of {self.cache.capacity}"
        if cached != length or cached > tokens or length > self.cache.capacity:
            raise AssertionError(f"ledger and cache disagree: {counts}")

    def _restart(self, now: float) -> None:
        """Drop everything but the opening (mode "window")."""
        self._window_start = now
        self.ledger.replace(self.template.opening(self.config.context), 0)
        self.cache.clear()

    def _carry_out(self, eviction: Plan) -> None:
        cached = self.ledger.cached
        if any(stop > cached for _, stop in eviction.slices[:-1]):
            raise AssertionError("a token without keys would be moved; prefill it first")
        self.cache.compact([(start, min(stop, cached)) for start, stop in eviction.slices if start < cached])
        self.ledger.replace(eviction.spans, self.cache.length)
        if self.mode == "native":
            self.positions = np.concatenate([self.positions[:, a:b] for a, b in eviction.slices], axis=1)

    def _extend_positions(self) -> None:
        known = self.positions.shape[1]
        start = float(self.positions.max()) + 1 if known else 0.0
        new, seen = [], 0
        for span in self.ledger.spans:
            seen += len(span.tokens)
            if seen > known:
                new.append(span if seen - len(span.tokens) >= known else _tail(span, seen - known))
        self.positions = np.concatenate((self.positions, contiguous(new, start)), axis=1)

    def _mrope(self, positions: np.ndarray) -> tuple[Tensor, Tensor]:
        on_device = torch.from_numpy(np.ascontiguousarray(positions)).to(self._device)
        return mrope(on_device, self.model.head_dim, self.model.mrope_section, self.model.rope_theta)

    def _note_promotions(self, coming_round: int) -> None:
        oldest = coming_round - self._windows.text_rounds + 1
        for span in self.ledger.spans:
            if span.kind is SpanKind.WORDS and span.round < oldest:
                self._promoted.append((span.round * self.config.chunk_s, len(span.tokens)))
        surplus = sum(tokens for _, tokens in self._promoted) - self.config.cache.text_window_tokens
        while self._promoted and surplus > self._promoted[0][1]:
            surplus -= self._promoted.popleft()[1]


def _tail(span: Span, tokens: int) -> Span:
    """The last `tokens` of a text span."""
    return Span(span.kind, span.tokens[len(span.tokens) - tokens :], span.round)
