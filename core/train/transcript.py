"""What was said, as the stream format's tokens: earlier lines, rounds, answers, and what the loss looks at."""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from dataclasses import dataclass, replace
from itertools import chain

import numpy as np
from tokenizers import Tokenizer

from core.cache.policy import Windows, plan_eviction
from core.model.qwen2_5_vl.positions import contiguous_positions
from core.programmes.football.kit import COLOURS, SURNAMES, TEAMS
from core.prompt.ledger import Span
from core.prompt.template import Template
from core.train.recipe import Recipe
from core.train.shape import MERGED_GRID, SINK_TOKENS, TEXT_WINDOW_TOKENS

QUERY = "Commentate on this match"
FRONT_SEEN = 4  # rounds of a front, the last ones, that have their pictures
LONGEST_GAP = 16  # rounds; those that lie farther back had left the context
NO_ROUNDS = Windows(1, 1, SINK_TOKENS, TEXT_WINDOW_TOKENS)  # of a front none stays in place
Target = tuple[int, int, float, int]  # place of the token in front, id, weight, round


@dataclass(frozen=True, slots=True)
class Answer:
    """One round's answer.

    Attributes:
        said: what stands in the context, "" for silence.
        learnt: whether the loss looks at it; not where `said` is a mistake put in on purpose.
    """

    said: str
    learnt: bool = True


@dataclass(frozen=True, slots=True)
class Told:
    """A line said before a chunk.

    Attributes:
        round: counted from the chunk's first, so below 0.
        derivable: it tells a score that follows from the lines before it, so the loss looks at that.
    """

    round: int
    said: str
    derivable: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Passage:
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
class Encoded:
    """A chunk of rounds as tokens, and what stands in front of it.

    Attributes:
        front: the opening with the lines that stand in it as text, and rounds in which lines were said.
        kept: (kept,) int32, places in the front of what is left of it when the chunk begins, in their new order.
        kept_positions: (3, kept) int16, where these stand then.
        chunk: the rounds; their positions go on behind what is kept.
    """

    front: Passage
    kept: np.ndarray
    kept_positions: np.ndarray
    chunk: Passage


class Scribe:
    """Writes chunks of rounds exactly as the engine would."""

    def __init__(self, tokenizer: Tokenizer, recipe: Recipe) -> None:
        self.template = Template(tokenizer)
        self._recipe = recipe
        self._close = self.template.special.im_end
        self._naming = {token for name in (*COLOURS, *TEAMS, *SURNAMES) for token in self.template.encode(f" {name}")}
        self._digits = set(self.template.encode("0123456789"))

    def words(self, line: str) -> tuple[int, ...]:
        """Ids of a line as an answer begins: with a space. () for silence."""
        return self.template.encode(f" {line}") if line else ()

    def encode(
        self, context: str, fresh: Sequence[str], told: Sequence[Told], clock_s: float, answers: Sequence[Answer]
    ) -> Encoded:
        """A chunk of one-second rounds. The round that starts at 0 has the query in it.

        Args:
            fresh: the first lines said before, which stand behind the context as text.
            told: the lines after these, which have been said in rounds and moved from there.
            clock_s: stream time of the first round.
        """
        front = self._front(context, fresh, told, clock_s)
        left = plan_eviction(front.spans, len(told), NO_ROUNDS)
        kept = np.concatenate([np.arange(start, stop, dtype=np.int32) for start, stop in left.slices])
        heard = set(chain.from_iterable(self.words(line) for line in (*fresh, *(line.said for line in told))))
        chunk = self._chunk(clock_s, answers, heard)
        return Encoded(
            front.passage(), kept, contiguous_positions(left.spans).astype(np.int16), chunk.passage(behind=left.spans)
        )

    def _front(self, context: str, fresh: Sequence[str], told: Sequence[Told], clock_s: float) -> _Page:
        """The opening and the rounds told of. Rounds of silence between these, and most pictures, are left out."""
        carried = sum(len(self.words(line.said)) for line in told)
        written = chain(self.template.encode(context), *(self.words(line) for line in fresh))
        system, opening, previous, closing = self.template.opening("")
        previous = replace(previous, tokens=_ends(tuple(written), max(0, TEXT_WINDOW_TOKENS - carried)))
        page = _Page([system, opening, previous, closing])
        silence = _stretch([*self._turn(0, clock_s), *self.template.answer(0, self._sampled(""))])
        before = told[0].round - 1 if told else 0
        for number, line in enumerate(told):
            page.skip(silence * min(line.round - before - 1, LONGEST_GAP))
            page.write(self._turn(number, clock_s + line.round), pictures=number >= len(told) - FRONT_SEEN)
            sampled = self._sampled(line.said)
            if line.derivable:
                weighed = [self._recipe.carried_weight if token in self._digits else 0.0 for token in sampled]
                page.learn(sampled, weighed, number)
            page.write(self.template.answer(number, sampled))
            before = line.round
        return page

    def _chunk(self, clock_s: float, answers: Sequence[Answer], heard: Set[int]) -> _Page:
        page = _Page()
        heard = set(heard)
        for number, answer in enumerate(answers):
            page.write(self._turn(number, clock_s + number))
            sampled = self._sampled(answer.said)
            if answer.learnt:
                page.learn(sampled, self._weights(sampled, heard, silent=not answer.said), number)
            heard.update(sampled)
            page.write(self.template.answer(number, sampled))
        return page

    def _turn(self, number: int, start_s: float) -> list[Span]:
        return self.template.user_turn(number, start_s, start_s + 1, MERGED_GRID, "" if start_s else QUERY)

    def _sampled(self, line: str) -> tuple[int, ...]:
        return (*self.words(line), *self.template.special.stop_mark, self._close)

    def _weights(self, sampled: tuple[int, ...], heard: Set[int], silent: bool) -> list[float]:
        """What each token of an answer weighs in the loss."""
        recipe = self._recipe
        weighty = (self._naming - heard) | self._digits
        weights = [recipe.naming_weight if token in weighty else 1.0 for token in sampled]
        weights[-1] = recipe.close_weight
        if silent:
            weights[0] = recipe.silence_weight
        return weights


class _Page:
    """Spans as they are written.

    Attributes:
        length: tokens written.
    """

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        self.spans: list[Span] = []
        self.length = 0
        self._visual = [np.zeros(0, np.int32)]
        self._skipped = list[tuple[int, int]]()
        self._learnt = list[Target]()
        self.write(spans)

    def write(self, spans: Iterable[Span], pictures: bool = True) -> None:
        """Write spans; without `pictures`, these only leave their positions free."""
        for span in spans:
            if span.grid is not None and not pictures:
                self.skip(_stretch([span]))
                continue
            if span.grid is not None:
                self._visual.append(np.arange(self.length + 1, self.length + len(span.tokens) - 1, dtype=np.int32))
            self.spans.append(span)
            self.length += len(span.tokens)

    def skip(self, positions: int) -> None:
        """Leave positions free in front of what comes next."""
        self._skipped.append((self.length, positions))

    def learn(self, sampled: Sequence[int], weights: Sequence[float], number: int) -> None:
        """Of the answer that is written next the loss looks at the tokens that weigh something."""
        weighed = enumerate(zip(sampled, weights, strict=True), self.length - 1)
        self._learnt += [(at, token, weight, number) for at, (token, weight) in weighed if weight]

    def passage(self, behind: Sequence[Span] = ()) -> Passage:
        """What is written, at the positions behind these spans."""
        positions = contiguous_positions([*behind, *self.spans])[:, -self.length :]
        for place, skipped in self._skipped:
            positions[:, place:] += skipped
        at, what, weight, rounds = zip(*self._learnt, strict=True) if self._learnt else ((), (), (), ())
        return Passage(
            np.array([token for span in self.spans for token in span.tokens], np.int32),
            positions.astype(np.int16), np.concatenate(self._visual), np.array(at, np.int32),
            np.array(what, np.int32), np.array(weight, np.float32), np.array(rounds, np.int16),
        )  # fmt: skip


def _stretch(spans: Sequence[Span]) -> int:
    """How many positions these spans take."""
    return int(contiguous_positions(spans)[0, -1]) + 1


def _ends(previous: tuple[int, ...], window: int) -> tuple[int, ...]:
    """The first SINK_TOKENS and the last `window` tokens: what lies between would be trimmed unread."""
    if len(previous) <= SINK_TOKENS + window:
        return previous
    return previous[:SINK_TOKENS] + previous[len(previous) - window :]
