"""What was said, as the stream format's tokens: earlier lines, rounds, answers, and what the loss looks at."""

from __future__ import annotations

from collections.abc import Sequence, Set
from dataclasses import dataclass

import numpy as np
from tokenizers import Tokenizer

from core.arena.kit import COLOURS, SURNAMES, TEAMS
from core.cache.positions import contiguous
from core.prompt.ledger import Span, SpanKind
from core.prompt.template import Template
from core.train.recipe import Recipe
from core.train.shape import MERGED_GRID, SINK_TOKENS, TEXT_WINDOW_TOKENS

QUERY = "Commentate on this match"


@dataclass(frozen=True, slots=True)
class Answer:
    """One round's answer.

    Attributes:
        said: what stands in the context, "" for silence.
        learnt: whether the loss looks at it; not where `said` is a mistake put in on purpose.
    """

    said: str
    learnt: bool = True


@dataclass(frozen=True, slots=True, eq=False)
class Encoded:
    """A chunk of rounds as tokens.

    Attributes:
        ids: (tokens,) int32. positions: (3, tokens) int16.
        visual: (rounds * 45,) int32, where the visual tokens stand.
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


class Scribe:
    """Writes chunks of rounds exactly as the engine would."""

    def __init__(self, tokenizer: Tokenizer, recipe: Recipe) -> None:
        self.template, self._recipe = Template(tokenizer), recipe
        self._close = self.template.special.im_end
        self._naming = {token for name in (*COLOURS, *TEAMS, *SURNAMES) for token in self.template.encode(f" {name}")}
        self._digits = set(self.template.encode("0123456789"))

    def words(self, line: str) -> tuple[int, ...]:
        """Ids of a line as an answer begins: with a space. () for silence."""
        return self.template.encode(f" {line}") if line else ()

    def encode(
        self, context: str, earlier: Sequence[str], clock_s: float, answers: Sequence[Answer], first: bool
    ) -> Encoded:
        """A chunk of one-second rounds.

        Args:
            earlier: lines said before, which stand behind the context. clock_s: stream time of the first round.
            first: these are the stream's first rounds, so the query stands in the first of them.
        """
        spoken = tuple(token for line in earlier for token in self.words(line))
        spans = self.template.opening("")
        spans[2] = Span(SpanKind.PREVIOUS_TEXT, trimmed(self.template.encode(context) + spoken))
        heard = set(spoken)
        learnt: list[tuple[int, int, float, int]] = []
        written = sum(len(span.tokens) for span in spans)
        visual = []
        for number, answer in enumerate(answers):
            start = clock_s + number
            turn = self.template.turn(number, start, start + 1, MERGED_GRID, QUERY if first and number == 0 else "")
            for span in turn:
                if span.grid is not None:
                    visual.append(np.arange(written + 1, written + len(span.tokens) - 1, dtype=np.int32))
                written += len(span.tokens)
            sampled = (*self.words(answer.said), *self.template.special.stop_mark, self._close)
            if answer.learnt:
                learnt += self._targets(sampled, written, number, heard, silent=not answer.said)
            heard.update(sampled)
            reply = self.template.answer(number, sampled)
            written += sum(len(span.tokens) for span in reply)
            spans += [*turn, *reply]
        ids = np.array([token for span in spans for token in span.tokens], np.int32)
        places = contiguous(spans).astype(np.int16)
        at, what, weight, rounds = zip(*learnt, strict=True) if learnt else ((), (), (), ())
        return Encoded(
            ids, places, np.concatenate(visual), np.array(at, np.int32), np.array(what, np.int32),
            np.array(weight, np.float32), np.array(rounds, np.int16),
        )  # fmt: skip

    def _targets(
        self, sampled: tuple[int, ...], start: int, number: int, heard: Set[int], silent: bool
    ) -> list[tuple[int, int, float, int]]:
        """(place of the token before, id, weight, round) of each token of an answer that begins at `start`."""
        recipe = self._recipe
        weighty = (self._naming - heard) | self._digits
        weights = [recipe.naming_weight if token in weighty else 1.0 for token in sampled]
        weights[-1] = recipe.close_weight
        if silent:
            weights[0] = recipe.silence_weight
        return [(start + n - 1, token, w, number) for n, (token, w) in enumerate(zip(sampled, weights, strict=True))]


def trimmed(previous: tuple[int, ...]) -> tuple[int, ...]:
    """The first SINK_TOKENS and the last TEXT_WINDOW_TOKENS of `previous text`."""
    if len(previous) <= SINK_TOKENS + TEXT_WINDOW_TOKENS:
        return previous
    return previous[:SINK_TOKENS] + previous[-TEXT_WINDOW_TOKENS:]
