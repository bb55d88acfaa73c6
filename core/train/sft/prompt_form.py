"""A sample's rounds as typed spans, in one of two forms; the last token of each answer is `<|im_end|>`.

`inference` is what the engine writes while it streams, so what a model learns is what `courtside watch` shows it.

`training` is what the published training code wrote (mit-han-lab/streaming-vlm at a940d8c). It differs in four places,
and nobody knows how much of that the published weights depend on:
 - an answer starts with a line break of its own, which joins the one behind `assistant` to one token (`\\n\\n`);
 - from the second round on, a space stands behind the time;
 - a question stands before the pictures, not behind them;
 - sink and window count the tokens round `previous text` (four in front, two behind).
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from core.data.rounds import Round
from core.prompt.ledger import Span, SpanKind, TokenGrid
from core.prompt.template import Template
from core.train.sft.sft_config import PromptConfig

LOSS_OFFSET = 3
"""The loss looks at an answer's turn from this token on: `<|im_start|>`, `assistant` and the line break are given."""


@dataclass(frozen=True, slots=True)
class WrittenRound:
    """A round's spans. `answer` are the tokens that the loss looks at, which end `before_end` tokens before the end."""

    spans: list[Span]
    answer: tuple[int, ...]
    before_end: int = 1


class PromptForm:
    """Writes openings and rounds."""

    def __init__(self, template: Template, config: PromptConfig, temporal_step: float) -> None:
        """`temporal_step`: positions between two temporal indices of a grid."""
        self._template = template
        self._config = config
        self._step = temporal_step

    def opening(self, previous: str) -> list[Span]:
        """The system turn and `previous text`, trimmed to sink and window."""
        spans = self._template.opening("")
        if self._config.form == "training":
            return [spans[0], *self._trimmed_turn(previous)]
        tokens = self._template.encode(previous) if previous else ()
        kept = _ends(tokens, self._config.sink_tokens, self._config.text_window_tokens)
        return [*spans[:2], Span(SpanKind.PREVIOUS_TEXT, kept), spans[3]]

    def round(self, number: int, told: Round, grid: TokenGrid) -> WrittenRound:
        """Round `number` with its answer. grid: (t, rows, columns) of merged vision tokens."""
        return (self._training if self._config.form == "training" else self._inference)(number, told, grid)

    def _inference(self, number: int, told: Round, grid: TokenGrid) -> WrittenRound:
        turn = self._template.user_turn(number, told.start, told.end, grid, told.question, self._step)
        answer = (*self._template.encode(told.text), self._template.special.im_end)
        return WrittenRound([*turn, *self._template.answer(number, answer)], answer)

    def _training(self, number: int, told: Round, grid: TokenGrid) -> WrittenRound:
        template = self._template
        turn = template.user_turn(number, told.start, told.end, grid, "", self._step)[:-1]
        time = f"Time={told.start:.1f}-{told.end:.1f}s{' ' if number else ''}{told.question}"
        turn[1] = Span(SpanKind.TIME, template.encode(time), number)
        text = told.text if told.answer else f"\n{told.text}"
        whole = (template.special.im_start, *template.encode(f"assistant\n{text}"), template.special.im_end)
        answer = whole[LOSS_OFFSET:]
        spans = [
            Span(SpanKind.ANSWER_OPEN, whole[:LOSS_OFFSET], number),
            Span(SpanKind.WORDS, answer[:-1], number),
            Span(SpanKind.ANSWER_CLOSE, (template.special.im_end, template.special.newline), number),
        ]
        return WrittenRound([*turn, *spans], answer)

    def _trimmed_turn(self, previous: str) -> list[Span]:
        """The `previous text` turn, trimmed as one run of tokens."""
        special = self._template.special
        turn = (special.im_start, *self._template.encode(f"previous text\n{previous}"), special.im_end, special.newline)
        return [
            Span(SpanKind.PREVIOUS_TEXT, _ends(turn, self._config.sink_tokens, self._config.text_window_tokens)),
        ]


def _ends(tokens: Sequence[int], first: int, last: int) -> tuple[int, ...]:
    """The first and the last tokens; all of them where these meet."""
    if len(tokens) <= first + last:
        return tuple(tokens)
    return (*tokens[:first], *tokens[len(tokens) - last :])
