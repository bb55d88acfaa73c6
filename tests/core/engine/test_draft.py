"""Drafts are the plain search backwards through earlier lines, and bounded."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.engine import draft
from core.engine.draft import NgramProposer

END = 99


def test_a_draft_goes_on_as_it_went_on_last() -> None:
    known = NgramProposer(END)
    known.learn([1, 2, 3, 4, 5, END])
    known.learn([9, 3, 6])
    assert known.propose([1, 2], 9) == [3, 4, 5]
    assert known.propose([2, 3], 1) == [4]
    assert known.propose([8, 3], 9) == [6]
    assert known.propose([4, 5], 9) == []
    assert known.propose([77], 9) == []


@given(st.lists(st.lists(st.integers(0, 5), max_size=12), max_size=12), st.lists(st.integers(0, 5), max_size=5))
def test_a_draft_is_the_plain_search_backwards(said: list[list[int]], ids: list[int]) -> None:
    known = NgramProposer(END)
    for line in said:
        known.learn(line)
    expected: list[int] = []
    most = draft.DRAFT_LENGTHS[_found(said, ids)[1] - 1]
    while len(expected) < most and (token := _found(said, [*ids, *expected])[0]) is not None:
        expected.append(token)
    assert known.propose(ids, 19) == expected


def test_the_more_ids_are_known_the_more_are_drafted() -> None:
    known = NgramProposer(END)
    known.learn([*range(1, 30), END])
    for order, most in enumerate(draft.DRAFT_LENGTHS, 1):
        ids = [77, *range(8 - order, 8)] if order < draft.MAX_NGRAM else range(1, 8)
        assert known.propose(ids, 19) == list(range(8, 8 + most))
        assert known.propose(ids, 2) == [8, 9]


def _found(said: list[list[int]], ids: list[int]) -> tuple[int | None, int]:
    """The id behind the latest place where the most of the last ids stand, and how many these are."""
    for order in range(min(draft.MAX_NGRAM, len(ids)), 0, -1):
        for line in reversed(said):
            for place in range(len(line) - 1, order - 1, -1):
                if line[place - order : place] == ids[-order:]:
                    return line[place], order
    return None, 0


def test_what_it_knows_is_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft, "MAX_NGRAMS", 30)
    known = NgramProposer(END)
    for start in range(0, 500, 5):
        known.learn(range(start, start + 6))
    assert known.propose([496, 497, 498], 1) == [499]
    assert known.propose([1, 2, 3], 1) == []
