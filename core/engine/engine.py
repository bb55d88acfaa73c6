"""The streaming engine: one chunk in, one round of commentary out."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import replace

import numpy as np
import torch

from core.cache.cache_size import MARKUP_TOKENS, CacheSize
from core.config import QUESTION_LIMIT_TOKENS, StreamConfig, adjusted
from core.engine.backends.select import select_runner
from core.engine.context import LONGEST_TOKEN_CHARACTERS, Context
from core.engine.generation import TextGenerator
from core.engine.memory import MemoryLimit, MemoryPlan, MemoryPlanner, RoundSize
from core.engine.questions import Questions
from core.engine.stats import round_stats
from core.engine.turn import Turn
from core.engine.vision_encoder import VisionEncoder, subsampled
from core.errors import UsageError
from core.messages import (
    Adjust,
    Ask,
    Command,
    Degraded,
    Failure,
    LimitMemory,
    Line,
    Piece,
    Restore,
    Snapshot,
    Stats,
    Steer,
    TextMemory,
)
from core.model.checkpoint import Checkpoint
from core.prompt.ledger import Span, TokenGrid
from core.prompt.template import Template
from core.types import Chunk

CLOSING_TOKENS = 2  # of an answer; they get their keys with the next turn
RoundMessage = Piece | Line | Stats | Degraded | TextMemory | Failure


class Engine:
    """A loaded checkpoint and the context of one stream.

    Attributes:
        context: ledger, cache and positions.
        runner: runs tokens through the decoder; chosen for the device.
        vision_encoder: frames to embeddings.
        generator: samples answers.
        memory: plans each round under the memory limit.
        questions: texts for the coming turns.
        round: the number of the next round.
    """

    def __init__(self, checkpoint: Checkpoint, config: StreamConfig, device: torch.device) -> None:
        self.checkpoint = checkpoint
        self.config = config
        self.device = device
        self.model = checkpoint.model
        self.dtype = self.model.decoder.embed.weight.dtype
        self.template = Template(checkpoint.tokenizer)
        self.context = Context(config, self.model.config, self.template, device, self.dtype)
        self.runner = select_runner(self.model, self.context, config.attention)
        self.vision_encoder = VisionEncoder(checkpoint, config, device)
        self.generator = TextGenerator(self.context, config, self.model.config.vocab, device)
        raw_key_bytes = self.model.config.raw_key_bytes_per_token(self.dtype.itemsize)
        entry_bytes = self.model.config.kv_bytes_per_token(self.dtype.itemsize)
        limit = MemoryLimit(config.memory_limit_bytes, self.model.weight_bytes, entry_bytes, raw_key_bytes)
        self.memory = MemoryPlanner(self.context, limit, in_steps=self.vision_encoder.repeats is not None)
        self._require_short(config.query)
        self.questions = Questions(config.query)
        self._notices = self._of_surplus()
        self.round = 0
        self._turn: Turn | None = None  # of a chunk that is not complete
        self._snapshot_due = False
        self._now = 0.0  # source seconds at the end of the last round

    @torch.inference_mode()
    def step(self, chunk: Chunk) -> Iterator[RoundMessage]:
        """One round: evict, encode, prefill, decode.

        Yields:
            Pieces as they are sampled, then the line, then what it cost. Before these a `TextMemory` where a snapshot
            was asked for, `Degraded` where the memory limit asks for another quality than the round before had, and a
            `Failure`, not fatal, where a context was cut.
        """
        yield from self._notices
        self._notices = []
        turn = self._resume_turn(chunk, len(chunk.frames))
        self._turn = None
        turn.stopwatch.restart()
        if self._snapshot_due:
            self._snapshot_due = False
            yield self.context.text_memory(self.round, self._now)
        question, asked = self.questions.take()
        self.generator.sampler.processors.begin(answering=asked)
        if turn.plan is None:
            before = self.memory.current
            plan = self._plan(chunk, question)
            if plan != before:
                yield Degraded(self.round, str(plan), recovered=plan == MemoryPlan())
            self._evict(turn, plan, chunk.start)
        used = subsampled(chunk, self.memory.current.level)
        turn.encode(used.frames[turn.frames :])
        with turn.stopwatch.stage("prefill"):
            turn.write(used, question)
            limit = self.generator.max_new_tokens
            self._reserve(self.context.size(limit), self.context.ledger.round_spans(self.round), turn.grid)
            drafted = self.generator.first_draft(self.runner)
            logits = self.runner.prefill(drafted, limit)
        answer = yield from self.generator.generate(turn, chunk, drafted, logits)
        yield round_stats(turn, answer, self.generator, self.config.chunk_s)
        self.round = self.round + 1
        self._now = chunk.end

    @torch.inference_mode()
    def prefill_ahead(self, partial: Chunk) -> None:
        """Evict, encode and prefill what there is of a chunk that is not complete, so that `step` has less to do.

        A hint: `step` with the whole chunk does the rest, or all of it where this has left it alone: frames that do
        not fill a temporal patch yet, a round for which quality must be reduced or memory be reserved first, and all
        rounds where nothing is evicted.
        """
        temporal = self.model.config.vision.temporal_patch
        whole = self.config.frames_per_chunk()
        turn = self._resume_turn(partial, whole)
        expected = replace(partial, frames=(partial.frames[0],) * whole)
        with turn.stopwatch.stage("ahead"):
            if turn.plan is None:
                plan = self._plan(expected, self.questions.peek())
                if not self.memory.can_prefill_ahead(plan):
                    return
                self._evict(turn, plan, expected.start)
            self._turn = turn
            count = min(len(partial.frames), whole - 1)  # the last one is left to `step`
            frames = partial.frames[turn.frames : count // temporal * temporal]
            if frames and not turn.prefill_ahead(frames, expected):
                self._turn = None

    @torch.inference_mode()
    def prepare_shapes(self, frame: np.ndarray) -> None:
        """Reserve the memory that a stream of such frames needs, and compile kernels for their shapes.

        What is not known beforehand is left to the rounds: how much repeats, or a lower quality.

        Args:
            frame: (height, width, 3) uint8.
        """
        frames = self.config.frames_per_chunk()
        temporal = self.model.config.vision.temporal_patch
        chunk = Chunk(-1, 0.0, self.config.chunk_s, (frame,) * frames, 0.0)
        question = self.questions.peek()
        plan = self._plan(chunk, question)
        if not self.memory.can_prefill_ahead(plan):
            return
        self.memory.adopt(plan)
        self.vision_encoder.encode(chunk.frames[:temporal], plan.level)
        if self.vision_encoder.repeats is None:
            grid = self.vision_encoder.grid(chunk, plan.level)
            turn = self.template.user_turn(self.round, chunk.start, chunk.end, grid, question)
            self._reserve(self.context.size(), turn, grid)

    @torch.inference_mode()
    def warm_up(self) -> None:
        """Run every stage once on an empty frame, so that the first round costs what the others cost."""
        side = self.vision_encoder.factor
        self.vision_encoder.tower(torch.zeros(1, side, side, 3, device=self.device))
        self.context.restart("")
        self.context.cache.reserve(self.context.size(2))
        self.runner.prefill(limit=2)
        self.runner.decode([0, 0])
        self.context.restart(self.config.context)

    @torch.inference_mode()
    def apply(self, command: Command) -> None:
        """Carry out a command between rounds. Raises UsageError for settings that make no sense."""
        self._rollback_turn()
        match command:
            case Ask(text=text):
                self._require_short(text)
                self.questions.ask(text)
            case Steer(query=query, context=context):
                if query:
                    self._require_short(query)
                    self.questions.set_query(query)
                if context is not None:
                    self.context.replace_context(context, self._prefill_pending)
                    self._notices = self._of_surplus()
            case Adjust(changes=changes):
                sampler = self.generator.sampler
                sampler.processors.config = adjusted(sampler.config, changes)
            case LimitMemory(limit_bytes=limit):
                self.memory.set_limit(limit)
            case Snapshot():
                self._snapshot_due = True
            case Restore(memory=memory, own_context=True):
                self.context.restore_text(memory)
            case Restore(memory=memory):
                self.context.restore(memory)

    def _require_short(self, question: str) -> None:
        """Raise UsageError for a question or a standing request above the limit."""
        long = len(question) > QUESTION_LIMIT_TOKENS * LONGEST_TOKEN_CHARACTERS
        if long or (tokens := len(self.template.encode(question))) > QUESTION_LIMIT_TOKENS:
            has = f"{len(question):,} characters" if long else f"{tokens} tokens"
            raise UsageError("Question too long", f"it has {has}; at most {QUESTION_LIMIT_TOKENS} tokens are read")

    def _of_surplus(self) -> list[Failure]:
        """Tells that the user's context was cut, where it was."""
        if not (surplus := self.context.surplus_tokens):
            return []
        cache = self.config.cache
        why = (
            f"it has {surplus:,} tokens above the {cache.context_limit_tokens:,} that are read; "
            f"its first {cache.sink_tokens} and its last {cache.text_window_tokens} are kept"
        )
        return [Failure("Context shortened", why, fatal=False)]

    def _resume_turn(self, chunk: Chunk, frames: int) -> Turn:
        """The turn prefilled ahead for a chunk that has `frames` in all, or a new one; another one is rolled back."""
        if self._turn is None or not self._turn.belongs_to(chunk, frames):
            self._rollback_turn()
            shape = chunk.frames[0].shape
            return Turn(self.context, self.vision_encoder, self.runner, self.round, chunk.index, frames, shape)
        return self._turn

    def _rollback_turn(self) -> None:
        """Undo what was prefilled ahead."""
        if self._turn is not None:
            self._turn.rollback()
            self._turn = None

    def _plan(self, chunk: Chunk, question: str) -> MemoryPlan:
        """What memory allows the round of a chunk; its size is computed once for each level tried."""
        text = MARKUP_TOKENS + len(self.template.encode(question)) + self.generator.max_new_tokens
        return self.memory.plan(lambda level: RoundSize(self.vision_encoder.tokens(chunk, level), text))

    def _evict(self, turn: Turn, plan: MemoryPlan, now: float) -> None:
        """Adopt the plan of a round that starts at source second `now`, and make room for it."""
        turn.plan = plan
        self.memory.adopt(plan)
        with turn.stopwatch.stage("evict"):
            self.context.evict(self.round, now, self._prefill_pending)
            if self.memory.limit.limit_bytes is not None:
                self.context.fit(self.round, self.memory.fits)

    def _prefill_pending(self) -> None:
        """Give tokens that are about to move their keys, at the positions they were written at."""
        self.context.cache.reserve(self.context.size())
        self.runner.prefill()

    def _reserve(self, size: CacheSize, turn: list[Span], grid: TokenGrid) -> None:
        """Make the cache large enough. Where it grows, prepare the runner for turns such as this one, and for the parts
        of them that are prefilled ahead."""
        entries = self.memory.reserve(size)
        if entries and self.context.evicts:  # else the cache grows with every round
            whole = CLOSING_TOKENS + sum(len(span.tokens) for span in turn)
            for tokens in (whole, math.prod(grid[1:])) if grid[0] > 1 else (whole,):
                self.runner.prepare_shapes(tokens, entries, often=self.vision_encoder.repeats is None)
