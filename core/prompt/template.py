"""The chat template of a stream: the tokens around context, time stamps, frames, questions and answers."""

from __future__ import annotations

from collections.abc import Iterable

from tokenizers import Tokenizer

from core.prompt.ledger import Span, SpanKind, TokenGrid
from core.prompt.special import SpecialTokens, read_special_tokens

SYSTEM_PROMPT = "You are a helpful assistant."


class Template:
    """Makes typed spans of tokens from text, times and grids."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.special: SpecialTokens = read_special_tokens(tokenizer)
        self._user_open = (self.special.im_start, *self.encode("user\n"))
        self._answer_open = (self.special.im_start, *self.encode("assistant\n"))

    def encode(self, text: str) -> tuple[int, ...]:
        """Token ids of plain text; special tokens spelled out in it are encoded as text."""
        return tuple(self.tokenizer.encode(text, add_special_tokens=False).ids)

    def opening(self, context: str) -> list[Span]:
        """The system turn and `previous text` holding the user's context."""
        s = self.special
        return [
            Span(SpanKind.SYSTEM, (s.im_start, *self.encode(f"system\n{SYSTEM_PROMPT}"), s.im_end, s.newline)),
            Span(SpanKind.PREVIOUS_OPEN, (s.im_start, *self.encode("previous text\n"))),
            Span(SpanKind.PREVIOUS_TEXT, self.encode(context) if context else ()),
            Span(SpanKind.PREVIOUS_CLOSE, (s.im_end, s.newline)),
        ]

    def user_turn(
        self,
        round_: int,
        start: float,
        end: float,
        grid: TokenGrid,
        question: str = "",
        temporal_step: float = 1.0,
        kept: bytes | None = None,
    ) -> list[Span]:
        """One user turn (time, frames, a question if there is one) and the opening of its answer.

        Args:
            grid: (t, rows, columns) of merged vision tokens; temporal_step: positions between two of its t.
            kept: which of them are written, as `Span.kept`; None: all.

        Raises:
            ValueError: none is written; a turn has frames.
        """
        s = self.special
        pads = grid[0] * grid[1] * grid[2] if kept is None else kept.count(1)
        if not pads:
            raise ValueError(f"no token of a {grid} grid is kept")
        vision = (s.vision_start, *(s.video_pad,) * pads, s.vision_end)
        spans = [
            Span(SpanKind.USER_OPEN, self._user_open, round_),
            Span(SpanKind.TIME, self.encode(f"Time={start:.1f}-{end:.1f}s"), round_),
            Span(SpanKind.VISION, vision, round_, grid, temporal_step, kept),
        ]
        if question:
            spans.append(Span(SpanKind.QUESTION, self.encode(question), round_))
        spans.append(Span(SpanKind.USER_CLOSE, (s.im_end, s.newline), round_))
        spans.append(self.answer_opening(round_))
        return spans

    def answer_opening(self, round_: int) -> Span:
        """The tokens before the words of an answer."""
        return Span(SpanKind.ANSWER_OPEN, self._answer_open, round_)

    def answer(self, round_: int, sampled: Iterable[int]) -> list[Span]:
        """The spans of an answer from the ids sampled: words, the stop mark if it was written, and the closing.

        A line cut at its limit keeps every word; `<|im_end|>` is added where it was not sampled.
        """
        s = self.special
        words = tuple(sampled)
        if words and words[-1] == s.im_end:
            words = words[:-1]
        mark = len(s.stop_mark)
        stop: tuple[int, ...] = ()
        if words[-mark:] == s.stop_mark:
            words = words[:-mark]
            stop = s.stop_mark
        return [
            Span(SpanKind.WORDS, words, round_),
            Span(SpanKind.STOP, stop, round_),
            Span(SpanKind.ANSWER_CLOSE, (s.im_end, s.newline), round_),
        ]
