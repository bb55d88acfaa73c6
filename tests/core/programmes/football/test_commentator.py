"""The commentator's words: timing, form, and reading them back."""

import re
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.programmes.football import commentator
from core.programmes.football.commentator import (
    PHRASES,
    SHOT_AND,
    line,
    line_for_second,
    lines,
    parse,
    parse_score,
)
from core.programmes.football.event import KINDS, OF_NOBODY, MatchEvent
from core.programmes.football.fixture import COLOURS, SURNAMES, TEAMS, Fixture
from core.programmes.football.simulator import Match
from core.programmes.programme import Mention


@pytest.fixture(scope="module")
def match() -> Match:
    match = Match(5, keep=True)
    match.advance(400)
    return match


@pytest.mark.parametrize("phase", [0.0, 0.25, 0.37, 0.8])
def test_every_event_is_said_once_whatever_the_phase(match, phase):
    fixture = Fixture(11)
    said = [m for text in lines(match.events, fixture, phase - 1, 400, match.seed) for m in parse(text, fixture)]
    who = ["" if e.kind in OF_NOBODY else fixture.names[e.team] for e in match.events]
    told = [e.time <= phase - 1 + 399 + 0.4 for e in match.events]
    truth = [Mention(e.kind, name) for e, name, now in zip(match.events, who, told, strict=True) if now]
    assert said == truth


def test_a_line_does_not_depend_on_how_it_is_asked_for(match):
    fixture = Fixture(2)
    every = lines(match.events, fixture, 10.0, 60, match.seed)
    assert every == [line_for_second(match, fixture, 10.0 + k) for k in range(60)]


def test_silence_when_nothing_happens():
    assert line([], Fixture(0), 3.0) == ""


def test_lines_are_short_and_name_the_team(match):
    fixture = Fixture(3)
    for text in filter(None, lines(match.events, fixture, 0.0, 390, match.seed)):
        assert len(text.split()) <= 14
        assert re.search("|".join((*fixture.names, *fixture.keepers)), text)


@pytest.mark.parametrize(("kind", "team", "seed"), list(product(KINDS, (0, 1), range(0, 40, 4))))
def test_every_phrase_reads_back(monkeypatch, kind, team, seed):
    fixture = Fixture(seed)
    event = MatchEvent(10.0, kind, team, (seed, 3))
    for phrase in PHRASES[kind]:
        monkeypatch.setitem(PHRASES, kind, (phrase,))
        text = line([event], fixture, 10.0)
        who = "" if kind in OF_NOBODY else fixture.names[team]
        assert parse(text, fixture) == [Mention(kind, who)], text
        assert parse_score(text, fixture) == ((seed, 3) if "{s}" in phrase else None)


@pytest.mark.parametrize(("kind", "team", "seed"), list(product(SHOT_AND, (0, 1), range(0, 40, 4))))
def test_a_shot_and_its_end_read_back(monkeypatch, kind, team, seed):
    acting = 1 - team if kind == "save" else team
    fixture = Fixture(seed)
    events = [MatchEvent(9.7, "shot", team, (0, 0)), MatchEvent(10.2, kind, acting, (1, seed))]
    for phrase in SHOT_AND[kind]:
        monkeypatch.setitem(SHOT_AND, kind, (phrase,))
        text = line(events, fixture, 10.0)
        assert parse(text, fixture) == [Mention("shot", fixture.names[team]), Mention(kind, fixture.names[acting])], (
            text
        )
        assert parse_score(text, fixture) == ((1, seed) if kind == "goal" else None)


def test_goals_always_end_with_the_score():
    for phrase in (*PHRASES["goal"], *SHOT_AND["goal"]):
        assert phrase.endswith("{s}.")


@given(st.text(max_size=80))
@settings(max_examples=50, deadline=None)
def test_any_text_can_be_read(text):
    fixture = Fixture(1)
    for mention in parse(text, fixture):
        assert mention.kind in KINDS
        assert mention.who == ""
    assert parse_score(text, fixture) is None


def test_a_keyword_without_a_team_names_no_team():
    assert parse("What a save!", Fixture(1)) == [Mention("save")]


def test_names_colours_and_keywords_do_not_collide():
    names = [*TEAMS, *SURNAMES]
    assert len(set(TEAMS)) >= 64
    assert len(set(SURNAMES)) >= 64
    assert len(set(names)) == len(names)
    assert not set(map(str.lower, names)) & set(COLOURS)
    assert not any(commentator.KEYWORD.search(name) for name in names)


def test_a_fixture_is_decided_by_its_seed_and_binds_names_to_colours():
    for seed in range(40):
        fixture = Fixture(seed)
        assert fixture == Fixture(seed)
        assert fixture.names[0] != fixture.names[1]
        assert fixture.colours[0] != fixture.colours[1]
        assert all(word in fixture.context() for word in (*fixture.names, *fixture.colours, *fixture.keepers))
        first, second = (fixture.context().index(fixture.names[team]) for team in (fixture.first, 1 - fixture.first))
        assert first < second
