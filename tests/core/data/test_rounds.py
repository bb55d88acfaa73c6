from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.data.rounds import count, rounds
from core.data.sample import QuestionAnswer, Sample, Word


def words(*timed: tuple[float, str]) -> tuple[Word, ...]:
    return tuple(Word(end - 0.2, end, text) for end, text in timed)


def test_a_word_belongs_to_the_first_second_whose_end_is_at_or_after_its_end() -> None:
    sample = Sample("v", 10, 14, words=words((11.0, "at"), (11.001, "after"), (13.5, "late"), (14.3, "beyond")))
    assert [(r.start, r.end, r.text) for r in rounds(sample)] == [
        (10, 11, " at ..."),
        (11, 12, " after ..."),
        (12, 13, " ..."),
        (13, 14, " late ..."),
    ]


def test_words_stay_in_their_order() -> None:
    """As published: one that is said to end before its predecessor waits for it."""
    sample = Sample("v", 0, 3, words=words((0.5, "a"), (2.5, "b"), (1.5, "c")))
    assert [r.words for r in rounds(sample)] == ["a", "", "b c"]


spoken = st.lists(st.tuples(st.floats(0, 30), st.text("ab", min_size=1, max_size=3)), max_size=30)


@given(spoken, st.floats(0, 5), st.integers(1, 24))
def test_as_the_rule_is_worded(timed: list[tuple[float, str]], start: float, length: int) -> None:
    """The first second whose end is at or after the word's end, and that of every word before it."""
    expected: list[list[str]] = [[] for _ in range(length)]
    latest = 0.0
    for end, text in timed:
        latest = max(latest, end)
        seconds = [k for k in range(length) if start + k + 1 + 1e-6 >= latest]
        if seconds:
            expected[seconds[0]].append(text)
    sample = Sample("v", start, start + length, words=words(*timed))
    assert [r.words.split() for r in rounds(sample)] == expected


def test_space_around_words_is_not_theirs() -> None:
    sample = Sample("v", 0, 1, words=words((0.4, " goal "), (0.6, "  "), (0.9, "now\n")))
    assert next(rounds(sample)).words == "goal now"


@pytest.mark.parametrize(("length", "expected"), [(24, 24), (24.0000001, 24), (23.2, 24), (0.4, 1), (63.999, 64)])
def test_a_last_second_that_is_not_whole_counts(length: float, expected: int) -> None:
    assert count(Sample("v", 5.5, 5.5 + length)) == expected


def test_a_question_is_asked_in_the_second_it_falls_into() -> None:
    asked = (
        QuestionAnswer(0, 3.0, "early", "not in this piece"),
        QuestionAnswer(4, 5.0, "score?", "2-1"),
        QuestionAnswer(4, 5.0, "who?", "Vega"),
    )
    sample = Sample("v", 3, 7, words=words((4.6, "on")), qa_stream=asked)
    assert [(r.question, r.text) for r in rounds(sample)] == [
        ("", " ..."),
        ("score?", "2-1\n on ..."),
        ("who?", "Vega\n ..."),
        ("", " ..."),
    ]
