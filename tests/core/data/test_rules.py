from __future__ import annotations

import pytest

from core.data.rules import clean_by_rule
from core.data.sample import Word
from core.data.transcript import spread, text_of
from core.data.verdict import Sentence, Verdict


def sentence(text: str, start: float = 0.0) -> Sentence:
    words = text.split()
    return tuple(spread(words, start, start + len(words) / 2))


def verdict(text: str) -> Verdict:
    return clean_by_rule([sentence(text)])[0]


@pytest.mark.parametrize(
    "text",
    [
        "Vega shoots and scores!",
        "He won three titles by the age of twenty.",
        "What a call now from the referee.",
        "They stand by the wall (and it is a big one) waiting for Okoro to take the kick at last.",
        "Goal, goal, goal!",
        "The captain checks his watch.",
        "A code of honour, this club.",
        "2-1.",
    ],
)
def test_commentary_is_kept(text: str) -> None:
    assert verdict(text) == Verdict("keep", sentence(text))


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("This replay is brought to you by Fizz Cola.", "advert"),
        ("Use code GAME for ten percent off.", "advert"),
        ("Don't forget to smash that like button.", "advert"),
        ("Thanks for watching!", "advert"),
        ("We'll be right back after this short break.", "advert"),
        ("Are we live?", "off air"),
        ("Can you hear me?", "off air"),
        ("Hold on, my mic was muted.", "off air"),
        ("Subtitles by the Amara.org community", "credits"),
        ("Visit www.example.com for tickets.", "credits"),
        ("[Music]", "no speech"),
        ("(crowd cheering)", "no speech"),
        ("♪ we are the champions ♪", "no speech"),
        ("♪ and on it goes", "no speech"),
        ("...", "no speech"),
    ],
)
def test_what_is_no_commentary_goes(text: str, reason: str) -> None:
    assert verdict(text) == Verdict("delete", (), reason)


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("[Applause] Vega scores (cheering) again.", "Vega scores again."),
        (">> COMMENTATOR: He shoots!", "He shoots!"),
        ("- He shoots!", "He shoots!"),
        ("Oh *laughs* what a miss.", "Oh what a miss."),
        ("And ♪ la la ♪ back to the game.", "And back to the game."),
    ],
)
def test_tags_go_and_the_rest_keeps_its_times(text: str, left: str) -> None:
    found = verdict(text)
    assert (found.action, text_of(found.words)) == ("edit", left)
    assert set(found.words) <= set(sentence(text))


def test_a_recogniser_that_hangs_says_it_once() -> None:
    found = verdict("He goes " + "to the left " * 9 + "and shoots.")
    assert text_of(found.words) == "He goes to the left and shoots."


def test_a_caption_shown_twice() -> None:
    said = [sentence("Vega scores again.", at) for at in (0.0, 2.0, 40.0)]
    assert [found.action for found in clean_by_rule(said)] == ["keep", "delete", "keep"]
    assert clean_by_rule(said)[1].reason == "duplicate"
    short = [sentence("Oh yes!", at) for at in (0.0, 2.0)]
    assert [found.action for found in clean_by_rule(short)] == ["keep", "keep"]


def reasons(*said: str) -> list[str]:
    """Why each of these sentences is deleted, said every three seconds; "" where it is not."""
    found = clean_by_rule([sentence(text, 3.0 * number) for number, text in enumerate(said)])
    return [verdict.reason if verdict.action == "delete" else "" for verdict in found]


def test_a_score_told_again_after_something_has_happened_stays() -> None:
    score = "One nil to Harbour."
    assert reasons(score, "A shot, just wide!", score, "Goal kick.") == ["", "", "", ""]
    assert reasons(score, "[Music]", score, "Goal kick.") == ["", "no speech", "duplicate", ""]


def test_two_captions_shown_twice_in_turn() -> None:
    first = "Vega wins the ball."
    second = "She looks for Roth."
    assert reasons(first, second, first, second, "And shoots!") == ["", "", "duplicate", "duplicate", ""]


def test_words_that_are_one_bracket() -> None:
    assert verdict("[").reason == "no speech"
    assert clean_by_rule([(Word(0, 1, "["), Word(1, 2, "Goal"))])[0].action == "keep"
    assert clean_by_rule([]) == []
