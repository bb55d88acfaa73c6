"""One question about a piece of video, answered by the likeliest of some tokens (plain VQA, not the streaming cache).

The prompt is the chat template: system turn, a user turn with the video and the question, the beginning of the answer.
Everything is attended to, nothing is evicted.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from core.config import StreamConfig
from core.engine.host import translated_errors
from core.eval.published.frame_budget import FrameBudget, read_frames
from core.eval.published.loaded_model import LoadedModel

if TYPE_CHECKING:
    import torch

    from core.engine.engine import Engine
    from core.prompt.ledger import Span, TokenGrid

ENCODED_TOGETHER = 16
"""Frames; a whole number of temporal patches, so that nothing depends on it."""


@dataclass(frozen=True, slots=True)
class VideoQuestion:
    """What is asked.

    Attributes:
        video: the file. start, end: seconds of it. text: of the user turn, behind the video.
        prefix: with which the answer begins.
    """

    video: Path
    start: float
    end: float
    text: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class QuestionAnswerer:
    """Answers questions.

    Attributes:
        model: the model. config: its settings; mode full. budget: how much it is shown.
    """

    model: LoadedModel
    config: StreamConfig
    budget: FrameBudget

    def likeliest(self, question: VideoQuestion, ids: Sequence[int]) -> int:
        """Which of the token ids is the likeliest first token of the answer: its place among them.

        Raises SourceError where the video cannot be read so far, EngineError as an engine.
        """
        import torch

        from core.model.qwen2_5_vl.patches import smart_size

        frames, rate = read_frames(question.video, question.start, question.end, self.budget)
        vision = self.model.checkpoint.model.config.vision
        pixels = self.budget.pixels(len(frames))
        height, width = smart_size(frames[0].shape[0], frames[0].shape[1], vision.patch * vision.merge, *pixels)
        engine = self.model.engine(replace(self.config, size=(width, height)))
        with translated_errors(), torch.inference_mode():
            logits = next_logits(engine, frames, rate, question)
            return int(logits[torch.tensor(list(ids), device=logits.device)].argmax())


def next_logits(engine: Engine, frames: Sequence[np.ndarray], rate: float, question: VideoQuestion) -> torch.Tensor:
    """(vocab,) after the whole prompt."""
    import torch

    from core.engine.memory import QualityLevel
    from core.model.qwen2_5_vl.positions import contiguous_positions

    parts = [
        engine.vision_encoder.encode(frames[begun : begun + ENCODED_TOGETHER], QualityLevel())
        for begun in range(0, len(frames), ENCODED_TOGETHER)
    ]
    grid = (sum(part[0][0] for part in parts), *parts[0][0][1:])
    spans = _prompt(engine, grid, rate, question)
    context = engine.context
    context.ledger.replace(spans, 0)
    context.positions.restart()
    context.positions.append(contiguous_positions(spans, context.positions.origin))
    context.embeddings.store(0, torch.cat([embeddings for _, embeddings, _ in parts]), context.ledger)
    context.cache.reserve(context.size(1))
    return engine.runner.prefill()[-1]


def _prompt(engine: Engine, grid: TokenGrid, rate: float, question: VideoQuestion) -> list[Span]:
    """The spans of the whole prompt; a stream's time stamp and `previous text` are not in it."""
    from core.prompt.ledger import Span, SpanKind

    step = engine.model.config.vision.temporal_step(rate)
    turn = engine.template.user_turn(0, 0.0, 1.0, grid, question.text, step)
    begun = Span(SpanKind.WORDS, engine.template.encode(question.prefix), 0)
    return [engine.template.opening("")[0], *(span for span in turn if span.kind is not SpanKind.TIME), begun]
