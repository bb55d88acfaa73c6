"""Pairwise judging by a chat endpoint, in both orders. What is no clear answer is never a vote."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Literal

from core.chat.cost import Cost, tokens_of
from core.chat.endpoint import ChatEndpoint, Messages
from core.chat.replies import ReplyCache
from core.data.step import run_all

Side = Literal["A", "B"]
TRIES = 3
"""How often a question is asked whose answers make no sense."""
ANSWER_TOKENS = 16
LONGEST_TEXT = 8000
"""Characters of a text that are shown to the judge, as published."""
_THOUGHT = re.compile(r"<think>.*?</think>", re.DOTALL)
_LETTER = re.compile(
    r"^[\W_]*(?:(?:the|better|winner|answer|verdict|candidate|commentary|text|is)[\W_]+)*([ab])[\W_]*$", re.IGNORECASE
)
_BEGINS = re.compile(r"^[\W_]*([AB])[.:)\]*”\"\n,]")
_BETTER = re.compile(r"\b(?:commentary|candidate) ([ab])[\W_]*(?:is|was) (?:\w+ )?(?:better|closer|preferred)", re.I)


@dataclass(frozen=True, slots=True)
class Pair:
    """Two texts on the same stretch.

    Attributes:
        key: which stretch. cluster: the video that it is from. reference: what the humans said.
        a, b: the texts of the first and the second model.
    """

    key: str
    cluster: str
    reference: str
    a: str
    b: str


@dataclass(frozen=True, slots=True)
class Judged:
    """Both votes on a pair, in its own terms: "A" is its first text, in whichever place it stood.

    Attributes:
        ab, ba: with the first text first, and with it second; None where no answer made sense.
    """

    pair: Pair
    ab: Side | None
    ba: Side | None

    @property
    def votes(self) -> tuple[int, int]:
        """For the first text and for the second; (0, 0) unless both orders gave a vote."""
        if self.ab is None or self.ba is None:
            return 0, 0
        first = (self.ab == "A") + (self.ba == "A")
        return first, 2 - first

    @property
    def winner(self) -> str:
        """ "A", "B", "equal" where the orders disagree, or "" where it could not be judged."""
        return {(2, 0): "A", (0, 2): "B", (1, 1): "equal"}.get(self.votes, "")


@dataclass(slots=True)
class Judge:
    """A model behind an endpoint.

    Attributes:
        ask_for: from (reference, text A, text B) to the messages of a question.
        parallel: requests under way at once.
        cost: of what was asked by this run; kept answers cost nothing.
    """

    endpoint: ChatEndpoint
    replies: ReplyCache
    ask_for: Callable[[str, str, str], Messages]
    parallel: int = 4
    cost: Cost = field(default_factory=Cost)

    def judge(self, pairs: Sequence[Pair], advance: Callable[[str], None] = lambda about: None) -> list[Judged]:
        """Every pair in both orders, in the order of `pairs`. Raises EndpointError where the endpoint stays away.

        Answers that made sense are kept, so that a second run asks for the rest alone.
        """
        votes: dict[tuple[int, bool], Side | None] = {}
        items = [(number, swapped) for number in range(len(pairs)) for swapped in (False, True)]

        def vote(item: tuple[int, bool]) -> tuple[Side | None, Cost]:
            return self._vote(pairs[item[0]], item[1])

        def done(item: tuple[int, bool], found: tuple[Side | None, Cost]) -> None:
            votes[item] = found[0]
            self.cost += found[1]
            if (item[0], not item[1]) in votes:
                advance(pairs[item[0]].key)

        run_all(items, vote, self.parallel, done, self.endpoint.stop)
        return [Judged(pair, votes[n, False], votes[n, True]) for n, pair in enumerate(pairs)]

    def _vote(self, pair: Pair, swapped: bool) -> tuple[Side | None, Cost]:
        """Which of the pair's own texts is better, and what asking cost."""
        texts = (pair.b, pair.a) if swapped else (pair.a, pair.b)
        messages = self.ask_for(*(text.strip()[:LONGEST_TEXT] for text in (pair.reference, *texts)))
        kept = self.replies.get(self.endpoint, messages)
        if kept is not None and (side := read_vote(kept.text)):
            return _turned(side, swapped), Cost()
        cost = Cost()
        for _ in range(TRIES):
            reply = self.endpoint.ask(messages)
            cost += Cost(1, reply.prompt_tokens, reply.completion_tokens)
            if side := read_vote(reply.text):
                self.replies.put(self.endpoint, messages, reply)
                return _turned(side, swapped), cost
        return None, cost

    def expected(self, pairs: Sequence[Pair], matches: int) -> Cost:
        """About what judging such pairs costs at most, before there are answers to be judged.

        What an earlier run asked already and is kept costs nothing.
        """
        total = Cost()
        for pair in pairs:
            messages = self.ask_for(*(text[:LONGEST_TEXT] for text in (pair.reference, pair.a, pair.b)))
            asked = sum(tokens_of(message["content"]) for message in messages)
            total += Cost(2 * matches, 2 * matches * asked, 2 * matches * ANSWER_TOKENS)
        return total


def read_vote(answer: str) -> Side | None:
    """Which text an answer prefers; None where it names none, both, or something else."""
    text = _THOUGHT.sub("", answer).strip()
    better = {side.upper() for side in _BETTER.findall(text)}
    if len(better) == 1:
        return "A" if better == {"A"} else "B"
    found = _LETTER.match(text) or _BEGINS.match(text)
    if better or found is None:
        return None
    return "A" if found[1].upper() == "A" else "B"


def _turned(side: Side, swapped: bool) -> Side:
    if not swapped:
        return side
    return "B" if side == "A" else "A"
