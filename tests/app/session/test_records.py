"""Messages as JSON objects: one line each, whatever is in them."""

from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.session.records import clock, encoded, json_line, record
from core.messages import Ask, CommandSent, Failure, Line, Piece


def test_a_line_keeps_all_it_has_and_says_what_it_is() -> None:
    entry = record(Line(3, 3.0, 4.0, "Goal!", 10.5, 10.6, (1, 2)))
    assert next(iter(entry)) == "type"
    assert entry == {
        "type": "line", "round": 3, "start": 3.0, "end": 4.0, "text": "Goal!", "captured_at": 10.5, "shown_at": 10.6,
        "tokens": (1, 2),
    }  # fmt: skip


def test_an_error_and_a_question_have_names_of_their_own() -> None:
    assert record(Failure("No camera", "unplugged"))["type"] == "error"
    asked = record(CommandSent(Ask("Who has the ball?"), 7.0))
    assert (asked["type"], asked["text"], asked["asked_at"]) == ("question", "Who has the ball?", 7.0)


def test_a_piece_says_nothing_afterwards() -> None:
    assert record(Piece(0, "Go")) is None


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_any_text_stays_in_one_line_and_comes_back(text: str) -> None:
    assert json.loads(json_line({"text": text}))["text"] == text
    assert len(json_line({"text": text}).splitlines()) == 1
    assert encoded({"text": text}).count(b"\n") == 1
    assert json.loads(encoded({"text": text}))["text"] == text


@pytest.mark.parametrize(("seconds", "text"), [(0, "00:00"), (61.9, "01:01"), (3600, "1:00:00"), (36_061, "10:01:01")])
def test_the_clock_has_hours_from_one_on(seconds: float, text: str) -> None:
    assert clock(seconds) == text
