"""A word makes a moment big, and one moment is told once."""

from __future__ import annotations

import pytest

from app.outputs.big_moments import BIG, BigMoments
from core.messages import Line


def line(text: str, end: float = 1.0) -> Line:
    return Line(int(end), end - 1, end, text, end, end)


@pytest.mark.parametrize(
    "text", ["In orange, Harbour score! 1-0.", "It's a GOAL!", "a frag, at last", "In red, Union find  the net! 2-0."]
)
def test_a_big_word_makes_a_big_moment(text: str) -> None:
    assert BigMoments(BIG).name(line(text)) == " ".join(text.split())


@pytest.mark.parametrize(
    "text", ["", "Goal kick for Union.", "The goal keeper has it.", "An overkill of passes.", "..."]
)
def test_a_part_of_a_word_does_not(text: str) -> None:
    assert BigMoments(BIG).name(line(text)) == ""


def test_one_moment_has_one_name() -> None:
    moments = BigMoments(("goal",))
    assert moments.name(line("A goal!", 20.0)) == "A goal!"
    assert moments.name(line("What a goal.", 29.9)) == ""
    assert moments.name(line("Another goal.", 30.0)) == "Another goal."


def test_words_are_as_they_are_written_and_may_change() -> None:
    moments = BigMoments(("c++ (again)", " "))
    assert moments.name(line("c++ (again), then")) != ""
    moments.set_words(())
    assert moments.name(line("c++ (again)", 99.0)) == ""
    moments.set_words(("long",))
    name = moments.name(line("long " * 40, 99.0))
    assert (len(name), name[-1]) == (80, "…")
