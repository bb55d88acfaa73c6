"""The last lines as the outputs that show a few of them keep them."""

from __future__ import annotations

from app.outputs.recent_lines import RecentLines
from core.messages import Cleared, Line, Piece


def line(number: int, text: str) -> Line:
    return Line(number, float(number), number + 1.0, text, 0.0, 0.0)


def test_the_oldest_goes_and_silence_changes_nothing() -> None:
    recent = RecentLines(2)
    assert [recent.take(line(n, text)) for n, text in enumerate(("one", "", "two\nlines", "three"))] == [
        True, False, True, True,
    ]  # fmt: skip
    assert not recent.take(Piece(4, "fo"))
    assert recent.text() == "two lines\nthree"


def test_after_a_panic_nothing_is_left() -> None:
    recent = RecentLines(2)
    recent.take(line(0, "one"))
    assert recent.take(Cleared())
    assert recent.text() == ""
