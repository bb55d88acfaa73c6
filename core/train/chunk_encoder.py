"""What was said, as the stream format's tokens: earlier lines, rounds, answers, and what the loss looks at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from tokenizers import Tokenizer

from core.cache.policy import Windows, plan_eviction
from core.config import QUERY
from core.model.qwen2_5_vl.positions import contiguous_positions
from core.prompt.ledger import Span
from core.prompt.template import Template
from core.train.bundled_config import MERGED_GRID, SINK_TOKENS, TEXT_WINDOW_TOKENS
from core.train.sample import Answer, TrainingSample
from core.train.train_config import TrainConfig

PREFIX_ROUNDS_SEEN = 4  # rounds of a prefix, the last ones, that have their pictures
LONGEST_GAP_ROUNDS = 16  # rounds; those that lie farther back had left the context
ALL_ROUNDS_EVICTED = Windows(1, 1, SINK_TOKENS, TEXT_WINDOW_TOKENS)  # of a prefix none stays in place
Target = tuple[int, int, float, int]  # place of the token in front, id, weight, round


@dataclass(frozen=True, slots=True, eq=False)
class TokenSegment:
    """Tokens that are read in one go.

    Attributes:
        ids: (tokens,) int32. positions: (3, tokens) int16.
        visual: (pictures * 45,) int32, where the visual tokens stand.
        answer_at, answer_ids: (n,) int32: after token `answer_at` the model should say `answer_ids`.
        answer_weight: (n,) float32. answer_round: (n,) int16: the round each belongs to.
    """

    ids: np.ndarray
    positions: np.ndarray
    visual: np.ndarray
    answer_at: np.ndarray
    answer_ids: np.ndarray
    answer_weight: np.ndarray
    answer_round: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class EncodedChunk:
    """A chunk of rounds as tokens, and what stands in front of it.

    Attributes:
        prefix: the opening with the lines that stand in it as text, and rounds in which lines were said.
        kept: (kept,) int32, places in the prefix of what is left of it when the chunk begins, in their new order.
        kept_positions: (3, kept) int16, where these stand then.
        chunk: the rounds; their positions go on behind what is kept.
    """

    prefix: TokenSegment
    kept: np.ndarray
    kept_positions: np.ndarray
    chunk: TokenSegment


class ChunkEncoder:
    """Writes chunks of rounds exactly as the engine would."""

    def __init__(
        self, tokenizer: Tokenizer, config: TrainConfig, names: Iterable[str] = (), shown: Iterable[str] = ()
    ) -> None:
        """`names`: words that weigh more in the loss where no earlier line has them. `shown`: words that only the
        picture tells, whatever was said before; they always weigh more, as digits do."""
        self.template = Template(tokenizer)
        self._config = config
        self._close = self.template.special.im_end
        self._name_ids = {token for name in names for token in self.template.encode(f" {name}")}
        self._digits = set(self.template.encode("0123456789"))
        written = (f" {form}" for name in shown for form in (name, name.capitalize()))
        self._always_weighed = self._digits.union(chain.from_iterable(self.template.encode(form) for form in written))

    def words(self, line: str) -> tuple[int, ...]:
        """Ids of a line as an answer begins: with a space. () for silence."""
        return self.template.encode(f" {line}") if line else ()

    def encode(self, sample: TrainingSample) -> EncodedChunk:
        """The sample's words as the engine would write them."""
        earlier = sample.earlier
        prefix = self._prefix(sample)
        left = plan_eviction(prefix.spans, len(earlier), ALL_ROUNDS_EVICTED)
        kept = np.concatenate([np.arange(start, stop, dtype=np.int32) for start, stop in left.slices])
        lines = (*sample.as_text, *(line.text for line in earlier))
        seen_ids = set(chain.from_iterable(self.words(line) for line in lines))
        chunk = self._chunk(sample.start_s, sample.answers, seen_ids)
        return EncodedChunk(
            prefix.segment(), kept, contiguous_positions(left.spans).astype(np.int16), chunk.segment(behind=left.spans)
        )

    def _prefix(self, sample: TrainingSample) -> _SegmentWriter:
        """The opening and the rounds told of. Rounds of silence between these, and most pictures, are left out."""
        earlier = sample.earlier
        moved_tokens = sum(len(self.words(line.text)) for line in earlier)
        written = chain(self.template.encode(sample.context), *(self.words(line) for line in sample.as_text))
        system, opening, previous, closing = self.template.opening("")
        previous = replace(previous, tokens=_sink_and_window(tuple(written), max(0, TEXT_WINDOW_TOKENS - moved_tokens)))
        segment = _SegmentWriter([system, opening, previous, closing])
        silence = _position_count([*self._turn(0, sample.start_s), *self.template.answer(0, self._answer_ids(""))])
        before = earlier[0].round - 1 if earlier else 0
        for number, line in enumerate(earlier):
            segment.skip(silence * min(line.round - before - 1, LONGEST_GAP_ROUNDS))
            segment.write(
                self._turn(number, sample.start_s + line.round), pictures=number >= len(earlier) - PREFIX_ROUNDS_SEEN
            )
            sampled = self._answer_ids(line.text)
            if line.derivable:
                weighed = [self._config.earlier_digit_weight if token in self._digits else 0.0 for token in sampled]
                segment.add_targets(sampled, weighed, number)
            segment.write(self.template.answer(number, sampled))
            before = line.round
        return segment

    def _chunk(self, start_s: float, answers: Sequence[Answer], seen_ids: Set[int]) -> _SegmentWriter:
        segment = _SegmentWriter()
        seen_ids = set(seen_ids)
        for number, answer in enumerate(answers):
            segment.write(self._turn(number, start_s + number))
            sampled = self._answer_ids(answer.text)
            if answer.in_loss:
                segment.add_targets(sampled, self._weights(sampled, seen_ids, silent=not answer.text), number)
            seen_ids.update(sampled)
            segment.write(self.template.answer(number, sampled))
        return segment

    def _turn(self, number: int, start_s: float) -> list[Span]:
        return self.template.user_turn(number, start_s, start_s + 1, MERGED_GRID, "" if start_s else QUERY)

    def _answer_ids(self, line: str) -> tuple[int, ...]:
        return (*self.words(line), *self.template.special.stop_mark, self._close)

    def _weights(self, sampled: tuple[int, ...], seen_ids: Set[int], silent: bool) -> list[float]:
        """What each token of an answer weighs in the loss."""
        config = self._config
        weighty = (self._name_ids - seen_ids) | self._always_weighed
        weights = [config.naming_weight if token in weighty else 1.0 for token in sampled]
        weights[-1] = config.close_weight
        if silent:
            weights[0] = config.silence_weight
        return weights


class _SegmentWriter:
    """Spans as they are written.

    Attributes:
        length: tokens written.
    """

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans: list[Span] = []
        self.length = 0
        self._visual = [np.zeros(0, np.int32)]
        self._skipped = list[tuple[int, int]]()
        self._targets = list[Target]()
        self.write(spans)

    def write(self, spans: Iterable[Span], pictures: bool = True) -> None:
        """Write spans; without `pictures`, these only leave their positions free."""
        for span in spans:
            if span.grid is not None and not pictures:
                self.skip(_position_count([span]))
                continue
            if span.grid is not None:
                self._visual.append(np.arange(self.length + 1, self.length + len(span.tokens) - 1, dtype=np.int32))
            self.spans.append(span)
            self.length += len(span.tokens)

    def skip(self, positions: int) -> None:
        """Leave positions free in front of what comes next."""
        self._skipped.append((self.length, positions))

    def add_targets(self, sampled: Sequence[int], weights: Sequence[float], number: int) -> None:
        """Of the answer that is written next the loss looks at the tokens that weigh something."""
        weighed = enumerate(zip(sampled, weights, strict=True), self.length - 1)
        self._targets += [(at, token, weight, number) for at, (token, weight) in weighed if weight]

    def segment(self, behind: Sequence[Span] = ()) -> TokenSegment:
        """What is written, at the positions behind these spans."""
        positions = contiguous_positions([*behind, *self.spans])[:, -self.length :]
        for place, skipped in self._skipped:
            positions[:, place:] += skipped
        at, what, weight, rounds = zip(*self._targets, strict=True) if self._targets else ((), (), (), ())
        return TokenSegment(
            np.array([token for span in self.spans for token in span.tokens], np.int32),
            positions.astype(np.int16), np.concatenate(self._visual), np.array(at, np.int32),
            np.array(what, np.int32), np.array(weight, np.float32), np.array(rounds, np.int16),
        )  # fmt: skip


def _position_count(spans: Sequence[Span]) -> int:
    """How many positions these spans take."""
    return int(contiguous_positions(spans)[0, -1]) + 1


def _sink_and_window(previous: tuple[int, ...], window: int) -> tuple[int, ...]:
    """The first SINK_TOKENS and the last `window` tokens: what lies between would be trimmed unread."""
    if len(previous) <= SINK_TOKENS + window:
        return previous
    return previous[:SINK_TOKENS] + previous[len(previous) - window :]
