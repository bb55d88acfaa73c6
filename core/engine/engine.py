"""The streaming engine: one chunk in, one round of commentary out."""

from __future__ import annotations

import math
import time
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor

from core.cache.kv_cache import CacheSize
from core.config import StreamConfig, adjusted
from core.engine.budget import Budget
from core.engine.context import MARKUP_TOKENS, Context
from core.engine.draft import NgramProposer
from core.engine.guard import RepetitionGuard
from core.engine.logits_processors import LogitsProcessors
from core.engine.memory_limit import MemoryLimit, MemoryPlan
from core.engine.runner import fastest_runner
from core.engine.sampler import Sampler
from core.engine.stats import Stopwatch, gpu_bytes, release_memory, rss_bytes
from core.engine.turn import Turn
from core.engine.vision_encoder import VisionEncoder, thinned
from core.messages import (
    Adjust,
    Ask,
    Command,
    Degraded,
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
from core.prompt.detokenizer import Detokenizer
from core.prompt.ledger import Span, SpanKind, TokenGrid
from core.prompt.template import Template
from core.types import Chunk

CLOSING_TOKENS = 2  # of an answer; they get their keys with the next turn
RoundMessage = Piece | Line | Stats | Degraded | TextMemory


class Engine:
    """A loaded checkpoint and the context of one stream.

    Attributes:
        context: ledger, cache and positions.
        runner: gives their tokens keys; what a device has a faster way for.
        draft: what a line will probably go on with.
        round: the number of the next round.
        budget: what it works with under its memory ceiling.
    """

    def __init__(self, checkpoint: Checkpoint, config: StreamConfig, device: torch.device) -> None:
        self.checkpoint = checkpoint
        self.config = config
        self.device = device
        self.model = checkpoint.model
        self.dtype = self.model.decoder.embed.weight.dtype
        self.template = Template(checkpoint.tokenizer)
        self.context = Context(config, self.model.config, self.template, device, self.dtype)
        self.runner = fastest_runner(self.model, self.context)
        self.vision_encoder = VisionEncoder(checkpoint, config, device)
        processors = LogitsProcessors(config.sampling, checkpoint.tokenizer, self.template.special)
        self.sampler = Sampler(processors, self.model.config.vocab, device)
        self.guard = RepetitionGuard(config.loop_repeats())
        self._opening = self.template.answer_opening(0).tokens
        self.draft = NgramProposer(self.template.special.im_end)
        self.draft.learn(self.template.encode(config.context))
        self.round = 0
        self._turn: Turn | None = None  # of a chunk that is not complete
        self._query = config.query
        self._questions = deque[str]()
        self._snapshot_due = False
        self._now = 0.0
        key_bytes = self.model.config.raw_key_bytes_per_token(self.dtype.itemsize)
        entry_bytes = self.model.config.kv_bytes_per_token(self.dtype.itemsize)
        memory_limit = MemoryLimit(config.memory_limit_bytes, self.model.weight_bytes, entry_bytes, key_bytes)
        self.budget = Budget(self.context, self.vision_encoder, memory_limit)

    def apply(self, command: Command) -> None:
        """Carry out a command between rounds. Raises UsageError for settings that make no sense."""
        self.rollback_turn()
        match command:
            case Ask(text=text):
                self._questions.append(text)
            case Steer(query=query, context=context):
                self._query = query or self._query
                if context is not None:
                    self._change_context(context)
            case Adjust(changes=changes):
                self.sampler.processors.config = adjusted(self.sampler.config, changes)
            case LimitMemory(limit_bytes=limit):
                self.budget.limit(limit)
            case Snapshot():
                self._snapshot_due = True
            case Restore(memory=memory):
                self.context.restore(memory)

    @torch.inference_mode()
    def warm_up(self) -> None:
        """Run every stage once on an empty picture, so that the first round costs what the others cost."""
        side = self.vision_encoder.factor
        self.vision_encoder.tower(torch.zeros(1, side, side, 3, device=self.device))
        self.context.restart("")
        self.context.cache.reserve(self.context.size(2))
        self.runner.prefill(limit=2)
        self.runner.decode([0, 0])
        self.context.restart(self.config.context)

    @torch.inference_mode()
    def prepare_shapes(self, picture: np.ndarray) -> None:
        """Take the memory that a stream of such pictures needs, and meet their shapes, before a round is due.

        What cannot be told beforehand is left to the rounds: how much repeats, or must be given up.
        """
        frames = self.config.frames_per_chunk()
        temporal = self.model.config.vision.temporal_patch
        chunk = Chunk(-1, 0.0, self.config.chunk_s, (picture,) * frames, 0.0)
        question = self._coming_question()
        if not self.can_prefill_ahead(chunk, self._text(question)):
            return
        level = self.budget.plan.level
        self.vision_encoder.encode(chunk.frames[:temporal], level)
        if self.vision_encoder.repeats is None:
            grid = self.vision_encoder.grid(chunk, level)
            turn = self.template.user_turn(self.round, chunk.start, chunk.end, grid, question)
            self._reserve_cache(self.budget.reserve_size(self.context.size(), math.prod(grid)), turn, grid)

    @torch.inference_mode()
    def prefill_ahead(self, partial: Chunk) -> None:
        """Evict, see and prefill what there is of a chunk that is not complete, so that `step` has less to do.

        A hint: `step` with the whole chunk does the rest, or all of it where this has left it alone: frames that do
        not fill a temporal patch yet, a round for which something must be given up or memory be taken first, and all
        rounds where nothing is evicted.
        """
        temporal = self.model.config.vision.temporal_patch
        whole = self.config.frames_per_chunk()
        turn = self._turn_of(partial, whole)
        expected = replace(partial, frames=(partial.frames[0],) * whole)
        with turn.watch.stage("ahead"):
            if not turn.begun and not self._begin(turn, expected):
                return
            self._turn = turn
            there = min(len(partial.frames), whole - 1)  # the last one is `step`'s
            if frames := partial.frames[turn.frames : there // temporal * temporal]:
                self._read(turn, frames)
                self._prefill_part(turn, expected)

    @torch.inference_mode()
    def step(self, chunk: Chunk) -> Iterator[RoundMessage]:
        """One round: evict, see, prefill, decode. Pieces as they are sampled, then the line, then what it cost."""
        turn = self._turn_of(chunk, len(chunk.frames))
        self._turn = None
        watch = turn.watch
        watch.restart()
        if self._snapshot_due:
            self._snapshot_due = False
            yield self.context.text_memory(self.round, self._now)
        question = self._take_question()
        if not turn.begun:
            text = self._text(question)
            before = self.budget.plan
            now = self.budget.plan_for(chunk, text)
            self.budget.plan = now
            if before != now:
                yield Degraded(self.round, str(now), recovered=now == MemoryPlan())
            with watch.stage("evict"):
                self._make_room(chunk, text)
        seen = thinned(chunk, self.budget.plan.level)
        self._read(turn, seen.frames[turn.frames :])
        with watch.stage("prefill"):
            self._write(turn, seen, question)
            limit = self.sampler.config.max_new_tokens
            room = self.budget.reserve_size(self.context.size(limit), math.prod(turn.grid))
            self._reserve_cache(room, self.context.ledger.round_spans(self.round), turn.grid)
            drafted = self.draft.propose(self._opening, min(limit - 1, self.runner.prefill_draft_limit()))
            logits = self.runner.prefill(drafted, limit)
        yield from self._speak(chunk, drafted, logits, watch)
        self.round = self.round + 1
        self._now = chunk.end

    def _turn_of(self, chunk: Chunk, frames: int) -> Turn:
        """What was begun of the turn of a chunk that has `frames` in all, or a new one; another one is taken back."""
        if self._turn is None or not self._turn.belongs_to(chunk, frames):
            self.rollback_turn()
            return Turn(chunk.index, frames, chunk.frames[0].shape)
        return self._turn

    def rollback_turn(self) -> None:
        if self._turn is not None:
            if self._turn.frames:
                self.context.rollback_round(self.round)
                self.vision_encoder.forget()
            self._turn = None

    def _begin(self, turn: Turn, expected: Chunk) -> bool:
        """Make room for a round, unless something else must be given up for it. Whether it did."""
        text = self._text(self._coming_question())
        if self.can_prefill_ahead(expected, text):
            with turn.watch.stage("evict"):
                self._make_room(expected, text)
            turn.begun = True
        return turn.begun

    def can_prefill_ahead(self, chunk: Chunk, text: int) -> bool:
        """Whether a round evicts, uses all its frames, and nothing else must be given up or is had again for it."""
        budget = self.budget
        evicts = not self.context.keeps_all and budget.plan.level.frames == 1
        return evicts and budget.plan_for(chunk, text) == budget.plan

    def _read(self, turn: Turn, frames: Sequence[np.ndarray]) -> None:
        """See frames that come next."""
        with turn.watch.stage("vision"):
            turn.add(
                len(frames),
                *self.vision_encoder.encode(frames, self.budget.plan.level, self.context.vision_window(self.round)),
            )

    def _prefill_part(self, turn: Turn, expected: Chunk) -> None:
        """Give what was seen its keys, if there is room; else it is all taken back."""
        with turn.watch.stage("prefill"):
            self._write(turn, expected, begun=True)
            room = self.context.cache.size
            if room == room | self.context.size():
                self.runner.prefill()
            else:
                self.rollback_turn()

    def _write(self, turn: Turn, chunk: Chunk, question: str = "", begun: bool = False) -> None:
        """Write what was seen into the context. chunk: with all its frames. begun: more of them will come."""
        self.context.write_turn(chunk, self.round, turn.grid, question, turn.kept, begun)
        self.context.keep_pictures(self.round, turn.pictures)

    def _coming_question(self) -> str:
        """What goes into the coming turn: a standing query not told yet, else the oldest question; one a round."""
        return self._query or next(iter(self._questions), "")

    def _take_question(self) -> str:
        """The same, which is told then."""
        question = self._coming_question()
        self.sampler.processors.answering = bool(self._questions and not self._query)
        if self.sampler.processors.answering:
            self._questions.popleft()
        self._query = ""
        return question

    def _text(self, question: str) -> int:
        """The most tokens that a round with this question may add besides its pictures."""
        return MARKUP_TOKENS + len(self.template.encode(question)) + self.sampler.config.max_new_tokens

    def _make_room(self, chunk: Chunk, text: int) -> None:
        if self.context.moves_words_without_keys():
            self._prefill_words()
        budget = self.budget
        self.context.vision_share = budget.plan.level.vision
        self.context.evict(self.round, chunk.start)
        if budget.memory_limit.limit_bytes is not None:
            self.context.fit(self.round, lambda kept: budget.fits(kept, chunk, text))

    def _reserve_cache(self, room: CacheSize, turn: list[Span], grid: TokenGrid) -> None:
        """Buffers with that much room; what they have above the ceiling is given back. Where they grow, turns such as
        this one, and parts of them that are read ahead, are met."""
        cache = self.context.cache
        if not self.budget.memory_limit.holds(cache.size | room) and cache.shrink(room):
            release_memory(self.device)
        before = cache.capacity
        cache.reserve(room)
        if cache.capacity > before and not self.context.keeps_all:  # which grows with every round
            entries = range(max(before, room.tokens // 2), room.tokens)  # fewer are passed at once
            whole = CLOSING_TOKENS + sum(len(span.tokens) for span in turn)
            for tokens in (whole, math.prod(grid[1:])) if grid[0] > 1 else (whole,):
                self.runner.prepare_shapes(tokens, entries, often=self.vision_encoder.repeats is None)

    def _speak(self, chunk: Chunk, drafted: list[int], logits: Tensor, watch: Stopwatch) -> Iterator[RoundMessage]:
        """Pieces of the line as it is sampled, the line, and what it cost."""
        words = Detokenizer(self.checkpoint.tokenizer, frozenset({self.template.special.im_end}))
        sampled: list[int] = []
        shown_at = first_token = 0.0
        for token in self._sample(chunk, drafted, logits, watch):
            first_token = first_token or watch.elapsed()
            sampled.append(token)
            if piece := words.push(token):
                shown_at = shown_at or time.monotonic()
                yield Piece(self.round, piece)
        if rest := words.finish():
            yield Piece(self.round, rest)
        self._write_answer(sampled, words.text(), chunk.start)
        shown_at = shown_at or time.monotonic()
        yield Line(self.round, chunk.start, chunk.end, words.text(), chunk.captured_at, shown_at, tuple(sampled))
        yield self._stats(watch, first_token, len(sampled))

    def _sample(self, chunk: Chunk, drafted: list[int], logits: Tensor, watch: Stopwatch) -> Iterator[int]:
        """The ids of a line, from logits (1 + len(drafted), vocab) on; the last id gets its keys with the next turn.

        Every id is sampled from the logits it would have had without a draft; a draft only says which ones those are.
        """
        limit = self.sampler.config.max_new_tokens
        end = self.template.special.im_end
        sampled: list[int] = []
        self.sampler.begin(self.context.ledger.tokens())
        done = False
        learnt = 0
        while not done:
            before = len(sampled)
            for known, row in enumerate(logits):
                with watch.stage("decode"):
                    sampled.append(self.sampler.sample(row, sampled, chunk.start))
                if not self.runner.is_async:
                    yield sampled[-1]
                done = sampled[-1] == end or len(sampled) == limit
                if done or sampled[-1:] != drafted[known : known + 1]:
                    break
            with watch.stage("decode"):
                if drafted:
                    self.runner.discard_last(len(drafted) - known)
                    self.draft.count(len(drafted), known)
                if not done:
                    most = min(limit - len(sampled) - 1, self.runner.max_draft_tokens)
                    drafted = []
                    if most:
                        line = [*self._opening, *sampled]
                        self.draft.learn(line, learnt)
                        learnt = len(line)
                        drafted = self.draft.propose(line, most)
                    logits = self.runner.decode([sampled[-1], *drafted])
            if self.runner.is_async:
                yield from sampled[before:]
        self.draft.learn([*self._opening, *sampled], learnt)

    def _write_answer(self, sampled: list[int], text: str, now: float) -> None:
        """Record what was said, and forget it again where it is one more turn of a loop."""
        answer = self.template.answer(self.round, sampled)
        self.context.ledger.append(answer)
        self.context.ledger.cached = self.context.cache.length
        self.sampler.processors.count_words(text, now)
        words = next(span.tokens for span in answer if span.kind is SpanKind.WORDS)
        if looping := self.guard.note(self.round, words):
            self.context.retract_lines(set(looping))

    def _prefill_words(self) -> None:
        """Give words that are about to move their keys, at the positions they were written at."""
        self.context.cache.reserve(self.context.size())
        self.runner.prefill()

    @torch.inference_mode()
    def _change_context(self, text: str) -> None:
        """Write a new context in the old one's place; what was said and seen since keeps its keys."""
        if not self.context.ledger.cached:
            self.context.restart(text)
            return
        tail = self.context.cut_context(text)
        self._prefill_words()
        self.context.put_back(tail)

    def _stats(self, watch: Stopwatch, first_token: float, new_tokens: int) -> Stats:
        cache = self.context.cache
        stages = watch.stages
        seen = next(span for span in reversed(self.context.ledger.spans) if span.grid)
        grid_tokens = math.prod(seen.grid or ())
        return Stats(
            round=self.round,
            compute_s=watch.elapsed() + stages["ahead"],
            first_token_s=first_token,
            vision_s=stages["vision"],
            evict_s=stages["evict"],
            prefill_s=stages["prefill"],
            decode_s=stages["decode"],
            new_tokens=new_tokens,
            kv_tokens=cache.length,
            kv_bytes=cache.allocated_bytes,
            remembers_s=self.context.remembers_s((self.round + 1) * self.config.chunk_s),
            rss_bytes=rss_bytes(),
            gpu_bytes=gpu_bytes(self.device),
            loops_broken=self.guard.broken,
            drafted=self.draft.drafted,
            draft_taken=self.draft.accepted,
            grid_tokens=grid_tokens,
            dropped_tokens=grid_tokens + 2 - len(seen.tokens),
            ahead_s=stages["ahead"],
        )
