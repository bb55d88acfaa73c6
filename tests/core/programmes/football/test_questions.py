"""What is asked of a match is answered as it stands."""

from __future__ import annotations

from core.programmes.football.programme import FootballEpisode


def test_answers_are_true_at_their_time() -> None:
    episode = FootballEpisode(3)
    for time_s in (1.0, 120.0, 400.0):
        events = episode.events(max(0.0, time_s - 115.0), time_s)
        asked = {question.text: question.answer for question in episode.questions(time_s)}
        goals = [event for event in events if event.kind == "goal"]
        if goals:
            assert goals[-1].who in asked["Who scored last?"]
        if events:
            assert asked["What is the score?"] == f"{events[-1].facts['score']}."
        last = [event for event in events if event.time > time_s - 60.0 and event.kind == "goal"]
        assert ("goal" in asked["What did I miss?"]) == bool(last)


def test_before_anything_happened() -> None:
    asked = {question.text: question.answer for question in FootballEpisode(3).questions(0.5)}
    assert asked["Who scored last?"] == "Nobody has scored in this match."
    assert asked["What is the score?"].count(" 0") == 2
    assert asked["What did I miss?"] == "Not much in the last minute."
