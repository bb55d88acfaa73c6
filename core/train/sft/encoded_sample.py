"""A sample as tokens and pixels, and what the loss looks at."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
from torch import Tensor

from core.data.rounds import Round, rounds
from core.data.sample import Sample
from core.model.qwen2_5_vl.positions import contiguous_positions
from core.prompt.ledger import Span, TokenGrid
from core.prompt.template import Template
from core.train.sft.prompt_form import PromptForm
from core.train.sft.sft_config import PromptConfig


@dataclass(frozen=True, slots=True, eq=False)
class EncodedText:
    """Tokens of a sample.

    Attributes:
        ids: (tokens,) int32. positions: (3, tokens) float32.
        visual: (vision tokens,) int32, where these stand.
        answer_at, answer_ids: (n,) int32: after token `answer_at` the model should say `answer_ids`.
        weight: (n,) float32. decides: (n,) bool: the first token of a round, which says whether it is silent.
    """

    ids: np.ndarray
    positions: np.ndarray
    visual: np.ndarray
    answer_at: np.ndarray
    answer_ids: np.ndarray
    weight: np.ndarray
    decides: np.ndarray


@dataclass(frozen=True, slots=True, eq=False)
class EncodedSample:
    """`frames`: uint8 (frames, height, width, 3), of the size that the vision tower takes."""

    text: EncodedText
    frames: Tensor


class SampleEncoder:
    """Writes samples in a prompt form."""

    def __init__(self, template: Template, config: PromptConfig, temporal_step: float) -> None:
        self._config = config
        self._form = PromptForm(template, config, temporal_step)

    def encode(self, sample: Sample, grid: TokenGrid) -> EncodedText:
        """The sample's tokens; grid: (t, rows, columns) of merged vision tokens of each round."""
        spans = self._form.opening(sample.previous)
        length = sum(len(span.tokens) for span in spans)
        targets = _Targets()
        silent_before = True
        for number, told in enumerate(rounds(sample)):
            silent = not told.words and not told.answer
            written = self._form.round(number, self._asked(told, sample, number), grid)
            spans += written.spans
            length += sum(len(span.tokens) for span in written.spans)
            first = length - written.before_end - len(written.answer)
            targets.add(first, written.answer, self._decision_weight(silent, silent_before and number > 0))
            silent_before = silent
        return _encoded(spans, targets)

    def _asked(self, told: Round, sample: Sample, number: int) -> Round:
        """The round, the first one with the query where that is kept."""
        if number or not self._config.keep_query or not sample.query:
            return told
        return replace(told, question=" ".join(filter(None, (sample.query, told.question))))

    def _decision_weight(self, silent: bool, silent_before: bool) -> float:
        if not silent_before:
            return 1.0
        return self._config.silence_weight if silent else self._config.onset_weight


class _Targets:
    """What the model should say, while it is written."""

    def __init__(self) -> None:
        self.at: list[int] = []
        self.ids: list[int] = []
        self.weight: list[float] = []
        self.decides: list[bool] = []

    def add(self, first: int, answer: Sequence[int], decision_weight: float) -> None:
        """An answer whose first token stands at `first`."""
        self.at += range(first - 1, first - 1 + len(answer))
        self.ids += answer
        self.weight += [decision_weight, *[1.0] * (len(answer) - 1)]
        self.decides += [True, *[False] * (len(answer) - 1)]


def _encoded(spans: Sequence[Span], targets: _Targets) -> EncodedText:
    visual = []
    place = 0
    for span in spans:
        if span.grid is not None:
            visual.append(np.arange(place + 1, place + len(span.tokens) - 1, dtype=np.int32))
        place += len(span.tokens)
    return EncodedText(
        ids=np.array([token for span in spans for token in span.tokens], np.int32),
        positions=contiguous_positions(spans).astype(np.float32),
        visual=np.concatenate(visual),
        answer_at=np.array(targets.at, np.int32),
        answer_ids=np.array(targets.ids, np.int32),
        weight=np.array(targets.weight, np.float32),
        decides=np.array(targets.decides, bool),
    )
