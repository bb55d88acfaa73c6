"""The answer of a round: tokens sampled one after another, drafts verified, text given piece by piece."""

from __future__ import annotations

import math
import time
from collections.abc import Generator, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from core.config import StreamConfig
from core.engine.backends.runner import Runner
from core.engine.context import Context
from core.engine.draft import NgramProposer
from core.engine.guard import RepetitionGuard
from core.engine.logits_processors import LogitsProcessors
from core.engine.sampler import Sampler
from core.engine.turn import Turn
from core.errors import CheckpointError
from core.messages import Line, Piece
from core.prompt.detokenizer import Detokenizer
from core.prompt.ledger import SpanKind
from core.types import Chunk


@dataclass(frozen=True, slots=True)
class Answer:
    """What was sampled in a round.

    Attributes:
        tokens: the ids, the stop mark and `<|im_end|>` included. first_token_s: seconds on the turn's stopwatch.
    """

    tokens: tuple[int, ...]
    first_token_s: float


class TextGenerator:
    """Samples the answers of one stream, and writes them into its context.

    Attributes:
        sampler: chooses each token.
        proposer: drafts tokens that the decoder verifies in one run (prompt lookup decoding).
        guard: finds loops of lines, which are retracted.
    """

    def __init__(self, context: Context, config: StreamConfig, vocab: int, device: torch.device) -> None:
        template = context.template
        self.context = context
        self.template = template
        processors = LogitsProcessors(config.sampling, template.tokenizer, template.special)
        self.sampler = Sampler(processors, vocab, device)
        self.guard = RepetitionGuard(config.loop_repeats())
        self.proposer = NgramProposer(template.special.im_end)
        self.proposer.learn(context.ledger.spans[2].tokens)
        self._answer_open = template.answer_opening(0).tokens

    @property
    def max_new_tokens(self) -> int:
        """Most tokens of an answer."""
        return self.sampler.config.max_new_tokens

    def first_draft(self, runner: Runner) -> list[int]:
        """Ids that the answer may begin with, to be run with the prefill."""
        return self.proposer.propose(self._answer_open, min(self.max_new_tokens - 1, runner.prefill_draft_limit()))

    def generate(
        self, turn: Turn, chunk: Chunk, drafted: list[int], logits: Tensor
    ) -> Generator[Piece | Line, None, Answer]:
        """Pieces of the answer as they are sampled, then the whole line.

        Args:
            drafted: ids run with the prefill. logits: (1 + len(drafted), vocab), after the turn and after each of them.
        """
        detokenizer = Detokenizer(self.template.tokenizer, frozenset({self.template.special.im_end}))
        sampled: list[int] = []
        shown_at = first_token = 0.0
        for token in self._sample(turn, chunk.start, drafted, logits):
            first_token = first_token or turn.stopwatch.elapsed()
            sampled.append(token)
            if piece := detokenizer.push(token):
                shown_at = shown_at or time.monotonic()
                yield Piece(turn.round, piece)
        if rest := detokenizer.finish():
            yield Piece(turn.round, rest)
        text = detokenizer.text()
        self._write(turn.round, sampled, text, chunk.start)
        shown_at = shown_at or time.monotonic()
        yield Line(turn.round, chunk.start, chunk.end, text, chunk.captured_at, shown_at, tuple(sampled))
        return Answer(tuple(sampled), first_token)

    def _sample(self, turn: Turn, now: float, drafted: list[int], logits: Tensor) -> Iterator[int]:
        """The ids of an answer; the last one gets its keys with the next turn.

        Every id is sampled from the logits it would have had without a draft; a draft only saves decoder runs.
        """
        runner = turn.runner
        limit = self.max_new_tokens
        end = self.template.special.im_end
        sampled: list[int] = []
        learnt = 0
        self.sampler.begin(self.context.ledger.tokens())
        largest = logits[0].abs().amax()  # one row a round: what is not finite stays so, by way of the KV cache
        while True:
            before = len(sampled)
            for accepted, row in enumerate(logits):
                with turn.stopwatch.stage("decode"):
                    sampled.append(self.sampler.sample(row, sampled, now))
                if len(sampled) == 1:  # the device has been waited for
                    _require_finite(float(largest))
                if not runner.is_async:
                    yield sampled[-1]
                done = sampled[-1] == end or len(sampled) == limit
                if done or sampled[-1:] != drafted[accepted : accepted + 1]:
                    break
            with turn.stopwatch.stage("decode"):
                if drafted:
                    runner.discard_last(len(drafted) - accepted)
                    self.proposer.count(len(drafted), accepted)
                if not done:
                    drafted = []
                    if most := min(limit - len(sampled) - 1, runner.max_draft_tokens):
                        line = [*self._answer_open, *sampled]
                        self.proposer.learn(line, learnt)
                        learnt = len(line)
                        drafted = self.proposer.propose(line, most)
                    logits = runner.decode([sampled[-1], *drafted])
            if runner.is_async:
                yield from sampled[before:]
            if done:
                break
        self.proposer.learn([*self._answer_open, *sampled], learnt)

    def _write(self, round_: int, sampled: list[int], text: str, now: float) -> None:
        """Record the answer in the context, and retract it where it is one more cycle of a loop."""
        answer = self.template.answer(round_, sampled)
        self.context.ledger.append(answer)
        self.context.ledger.cached = self.context.cache.length
        words = next(span.tokens for span in answer if span.kind is SpanKind.WORDS)
        self.sampler.processors.note(words, text, now)
        if looping := self.guard.note(round_, words):
            self.context.retract_lines(set(looping))


def _require_finite(largest: float) -> None:
    """Raise CheckpointError where logits, the largest of which this is, hold NaN or Inf: a new engine would, too."""
    if not math.isfinite(largest):
        raise CheckpointError(
            "Damaged checkpoint",
            "the model's logits are not finite (NaN or Inf): its weights are damaged, or the number format is too "
            "narrow for them; use another copy, or --dtype bfloat16 or float32",
        )
