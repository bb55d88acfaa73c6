"""One text a turn: a new query first, then viewers' questions in order."""

from __future__ import annotations

from core.engine.questions import Questions


def test_a_query_comes_first_and_once() -> None:
    questions = Questions("Commentate")
    questions.ask("Who leads?")
    assert questions.peek() == "Commentate"
    assert [questions.take() for _ in range(3)] == [("Commentate", False), ("Who leads?", True), ("", False)]


def test_the_newest_query_counts_and_questions_keep_their_order() -> None:
    questions = Questions("")
    for text in ("First?", "Second?"):
        questions.ask(text)
    questions.set_query("Speak of the weather")
    questions.set_query("Speak of the crowd")
    taken = [questions.take() for _ in range(3)]
    assert taken == [("Speak of the crowd", False), ("First?", True), ("Second?", True)]
    assert questions.peek() == ""
