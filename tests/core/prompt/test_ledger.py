"""The ledger: what is written, what has keys, what is pending."""

from __future__ import annotations

from core.prompt.ledger import Ledger, Span, SpanKind


def ledger() -> Ledger:
    made = Ledger([Span(SpanKind.SYSTEM, (1, 2, 3))])
    made.append([Span(SpanKind.TIME, (4, 5), 0), Span(SpanKind.WORDS, (6, 7), 0), Span(SpanKind.WORDS, (8,), 1)])
    return made


def test_what_is_appended_is_pending() -> None:
    made = ledger()
    assert made.pending() == made.tokens() == [1, 2, 3, 4, 5, 6, 7, 8]
    made.cached = 6
    assert made.pending() == [7, 8]
    assert len(made) == 8


def test_a_round_is_removed_whole() -> None:
    made = ledger()
    made.cached = 3
    assert made.remove_round(0) == 4
    assert made.tokens() == [1, 2, 3, 8]
    assert made.cached == 3
    assert made.round_spans(0) == []


def test_words_are_pending_until_the_last_has_its_key() -> None:
    made = ledger()
    for cached, pending in ((0, True), (5, True), (7, True), (8, False)):
        made.cached = cached
        assert made.has_pending_words() == pending
