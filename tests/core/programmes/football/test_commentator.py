"""The commentator's words: which events, when, how long, how varied, and how often with the score."""

from __future__ import annotations

import re

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.programmes.football.commentator import (
    LONGEST_LINE,
    SCORE_EVERY_S,
    Commentator,
    LiveCommentary,
    Told,
    token_count,
)
from core.programmes.football.event import KINDS, OF_NOBODY, MatchEvent
from core.programmes.football.fixture import Fixture
from core.programmes.football.programme import FootballEpisode
from core.programmes.football.reading import parse, parse_score
from core.programmes.football.simulator import Match
from core.programmes.programme import EARLY_S, LATE_S, Mention

SECONDS = 400
WORD_FOR_WORD_S = 120.0


@pytest.fixture(scope="module")
def told() -> list[Told]:
    match = Match(5, keep=True)
    match.advance(SECONDS)
    commentator = Commentator(Fixture(11), 5)
    return [Told(event, commentator.tell(event)) for event in match.events]


def test_every_event_is_told_as_what_it_is(told: list[Told]) -> None:
    fixture = Fixture(11)
    for one in told:
        who = "" if one.event.kind in OF_NOBODY else fixture.names[one.event.team]
        assert parse(one.text, fixture) == [Mention(one.event.kind, who)], one.text
        assert parse_score(one.text, fixture) in (one.event.score, None)


def test_no_sentence_comes_again_within_two_minutes(told: list[Told]) -> None:
    last: dict[str, float] = {}
    for one in told:
        for sentence in re.split(r"(?<=[.!?])\s+", one.text):
            assert one.event.time - last.get(sentence, -WORD_FOR_WORD_S) >= WORD_FOR_WORD_S, sentence
            last[sentence] = one.event.time


def test_the_score_is_told_often(told: list[Told]) -> None:
    """With every goal, and else with the first event that is not a shot once SCORE_EVERY_S have gone by."""
    last = told[0].event.time
    for one in told:
        if parse_score(one.text, Fixture(11)):
            last = one.event.time
        elif one.event.kind != "shot":
            assert one.event.kind != "goal"
            assert one.event.time - last < SCORE_EVERY_S


def test_teams_are_named_in_three_ways() -> None:
    fixture = Fixture(11)
    commentator = Commentator(fixture, 0)
    kinds = [kind for kind in KINDS if kind not in OF_NOBODY] * 30
    texts = [commentator.tell(MatchEvent(20.0 * n, kind, n % 2, (n, n))) for n, kind in enumerate(kinds)]
    either = "|".join(fixture.names)
    colours = "|".join(fixture.colours)
    plain = [re.sub(rf"({either}) \d+, ({either}) \d+", "", text) for text in texts]
    apart = sum(bool(re.search(rf"In ({colours}), ({either})", text)) for text in plain)
    named = sum(bool(re.search(rf"(?<!In )({colours}) ({either})", text, re.I)) for text in plain)
    coloured = sum(not re.search(either, text) for text in plain)
    assert all(number > 0.25 * len(plain) for number in (apart, named, coloured))
    assert apart + named + coloured == len(plain)


def tell_all(*events: MatchEvent) -> list[str]:
    commentator = Commentator(Fixture(11), 3)
    return [commentator.tell(event) for event in events]


def test_memory_is_told() -> None:
    goals = [(1, 0), (1, 1), (2, 1), (3, 1), (4, 1), (4, 2), (4, 3)]
    before = (0, 0)
    events = []
    for n, score in enumerate(goals):
        events.append(MatchEvent(60.0 * n, "goal", int(score[1] > before[1]), score))
        before = score
    first, level, lead, row, second_row, *_, closer = tell_all(*events)
    assert "first" in first
    assert "level" in level
    assert "lead" in lead
    assert all("in a row" in text or "again" in text or "nother" in text for text in (row, second_row))
    assert any(words in closer for words in ("back to one", "one behind", "One back"))


def test_the_next_match_is_announced_and_begins_at_nothing() -> None:
    fixture = Fixture(11)
    over, restart, begun = tell_all(
        MatchEvent(0.0, "full-time", 0, (2, 1), 2, 0),
        MatchEvent(20.0, "kick-off", 0, (0, 0), 1, 1),
        MatchEvent(60.0, "goal", 0, (1, 0), 1, 1),
    )
    assert "Next: " in over
    assert parse(over, fixture) == [Mention("full-time")]
    assert "ew match" in restart
    assert parse_score(restart, fixture) == (0, 0)
    assert "first" in begun


def test_a_kick_off_says_what_it_follows() -> None:
    _, restarted, _, second = tell_all(
        MatchEvent(0.0, "goal", 0, (1, 0)),
        MatchEvent(10.0, "kick-off", 1, (1, 0)),
        MatchEvent(40.0, "half-time", 0, (1, 0)),
        MatchEvent(50.0, "kick-off", 1, (1, 0), 2),
    )
    assert "again" in restarted or "estart" in restarted
    assert "econd half" in second


@given(st.integers(0, 10**6), st.integers(0, 30), st.integers(0, 30), st.sampled_from(["goal", "save", "wide"]))
@settings(max_examples=60, deadline=None)
def test_a_shot_and_its_end_fit_into_a_round(seed: int, a: int, b: int, kind: str) -> None:
    commentator = Commentator(Fixture(seed), seed)
    commentator.tell(MatchEvent(0.0, "kick-off", 0, (a, b)))
    shot = commentator.tell(MatchEvent(60.0, "shot", 0, (a, b)))
    end = commentator.tell(MatchEvent(60.6, kind, int(kind == "save"), (a + (kind == "goal"), b)))
    assert token_count(f"{shot} {end}") <= LONGEST_LINE, f"{shot} {end}"


def test_the_words_do_not_depend_on_how_they_are_asked_for() -> None:
    by_second = FootballEpisode(7)
    lines = [by_second.line(float(second)) for second in range(300)]
    jumped = FootballEpisode(7)
    jumped.frame(240.0)
    assert [jumped.line(float(second)) for second in range(240, 300)] == lines[240:]
    apart = [word for second in range(300) if (word := lines[second])]
    assert len(apart) > 10


def test_a_round_tells_the_events_that_belong_to_it() -> None:
    commentary = LiveCommentary(Match(5), Fixture(5))
    commentary.reach(100.0)
    for start in range(90):
        events = [told.event for told in commentary.told if start - LATE_S < told.event.time <= start + EARLY_S]
        assert bool(commentary.line(float(start))) == bool(events)
