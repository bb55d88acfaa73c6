"""Which lines are at the end of `previous text`, and how far back the words in the context go."""

from __future__ import annotations

from core.config import CacheConfig, StreamConfig
from core.engine.promoted_lines import PromotedLines
from core.prompt.ledger import Span, SpanKind

CONFIG = StreamConfig(chunk_s=2.0, cache=CacheConfig(text_rounds=3, text_window_tokens=10))


def words(round_: int, tokens: int) -> Span:
    return Span(SpanKind.WORDS, tuple(range(tokens)), round_)


def test_lines_that_leave_their_rounds_are_noted() -> None:
    lines = PromotedLines(CONFIG)
    lines.promote([Span(SpanKind.TIME, (1,), 0), words(0, 4), words(1, 3), words(2, 2)], coming_round=4)
    assert lines.lengths() == [(0, 4), (1, 3)]
    lines.remove({0})
    assert lines.lengths() == [(1, 3)]
    lines.clear()
    assert lines.lengths() == []


def test_lines_that_leave_the_text_window_go() -> None:
    lines = PromotedLines(CONFIG)
    for round_ in range(6):
        lines.promote([words(round_, 4)], coming_round=round_ + 3)
    assert lines.lengths() == [(3, 4), (4, 4), (5, 4)]  # of the first of these two tokens are left


def test_words_are_remembered_from_the_oldest_whole_line_on() -> None:
    lines = PromotedLines(CONFIG)
    assert lines.remembers_s([], 7.0) == 0.0
    assert lines.remembers_s([words(2, 1), words(3, 1)], 8.0) == 4.0
    for round_ in range(6):
        lines.promote([words(round_, 4)], coming_round=round_ + 3)
    assert lines.remembers_s([words(6, 1), words(7, 1)], 16.0) == 16.0 - 4 * 2.0
