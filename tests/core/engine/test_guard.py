"""The repetition guard sees loops and stutters, and nothing else."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.engine.guard import RepetitionGuard, stutters


def said(guard: RepetitionGuard, lines: list[tuple[int, ...]]) -> list[list[int]]:
    return [guard.note(n, words) for n, words in enumerate(lines)]


def test_the_same_line_again_and_again_is_a_loop() -> None:
    guard = RepetitionGuard(4)
    assert said(guard, [(1, 2), (1, 2), (), (1, 2), (1, 2)]) == [[], [], [], [], [1, 3, 4]]
    assert guard.broken == 1


def test_two_lines_in_turn_are_a_loop() -> None:
    guard = RepetitionGuard(3)
    assert said(guard, [(1,), (2,)] * 3)[-1] == [2, 3, 4, 5]


def test_a_stutter_in_one_line_is_a_loop() -> None:
    guard = RepetitionGuard(5)
    assert guard.note(7, (9, 1, 2, 1, 2, 1, 2, 1, 2, 1, 2)) == [7]
    assert not stutters((1, 2, 3, 1, 2), 2)


@given(st.lists(st.tuples(st.integers(), st.integers()), unique=True))
def test_different_lines_are_no_loop(lines: list[tuple[int, int]]) -> None:
    guard = RepetitionGuard(5)
    assert not any(said(guard, [(*words, n) for n, words in enumerate(lines)]))


@given(st.lists(st.just((1, 2)), max_size=40))
def test_switched_off_it_sees_nothing(lines: list[tuple[int, ...]]) -> None:
    assert not any(said(RepetitionGuard(0), lines))
