"""Reading back: every phrase exactly, mixtures by their keywords, and names that belong to nobody as they are."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.programmes.football.event import KINDS, OF_NOBODY
from core.programmes.football.fixture import COLOURS, SURNAMES, TEAMS, Fixture
from core.programmes.football.phrases import BOOK, NEXT, PHRASES
from core.programmes.football.programme import FootballEpisode
from core.programmes.football.reading import KEYWORD, mentions, parse, parse_score
from core.programmes.programme import EARLY_S, LATE_S, Mention

FIXTURE = Fixture(11)


@pytest.mark.parametrize("team", [0, 1])
@pytest.mark.parametrize("mood", PHRASES)
def test_every_phrase_reads_back_with_and_without_a_score(mood: str, team: int) -> None:
    kind = mood.partition("/")[0]
    slots = {"c": FIXTURE.colours[team], "t": FIXTURE.names[team], "k": FIXTURE.keepers[team], "nth": "third"}
    who = "" if kind in OF_NOBODY else FIXTURE.names[team]
    told = FIXTURE.score_text((12, 3))
    texts = BOOK.filled(mood, slots)
    assert len(texts) == len(PHRASES[mood])
    for text in texts:
        for whole in (f"{text}.", f"{text}!", f"{text}: {told}.", f"{text}! {told}.", f"{text}: still {told}.",
                      f"{text}: still no goals, {told}."):  # fmt: skip
            assert parse(whole, FIXTURE) == [Mention(kind, who)], whole
            assert parse_score(whole, FIXTURE) == ((12, 3) if "12" in whole else None)


@pytest.mark.parametrize("seed", [1, 2, 3])
def test_all_that_an_episode_says_reads_back(seed: int) -> None:
    episode = FootballEpisode(seed)
    for start in range(600):
        text = episode.line(float(start))
        events = episode.events(start - LATE_S, start + EARLY_S)
        told = episode.mentions(text)
        assert [(m.kind, m.who) for m in told] == [(e.kind, e.who) for e in events], text
        assert all(m.facts in ({}, e.facts) for m, e in zip(told, events, strict=True)), text


@given(st.text(max_size=80))
@settings(max_examples=50, deadline=None)
def test_any_text_can_be_read(text: str) -> None:
    for mention in parse(text, FIXTURE):
        assert mention.kind in KINDS
    assert parse_score(text, FIXTURE) is None


def test_mixtures_are_read_by_their_keywords() -> None:
    one, other = FIXTURE.names
    colour, second = FIXTURE.colours
    assert parse(f"{colour} shoot and it's a goal!", FIXTURE) == [Mention("shot", one), Mention("goal", one)]
    said = f"In {colour}, {one} go for a shot, {second} keeper {FIXTURE.keepers[1]} with a save!"
    assert parse(said, FIXTURE) == [Mention("shot", one), Mention("save", other)]
    assert parse("What a save!", FIXTURE) == [Mention("save")]


def test_a_wrong_name_is_a_wrong_name() -> None:
    stranger = next(name for name in TEAMS if name not in FIXTURE.names)
    colour = next(name for name in COLOURS if name not in FIXTURE.colours)
    assert parse(f"In {FIXTURE.colours[0]}, {stranger} shoot!", FIXTURE) == [Mention("shot", stranger)]
    assert parse(f"A corner for {colour}.", FIXTURE) == [Mention("corner", colour)]
    assert parse(f"In {FIXTURE.colours[0]}, {FIXTURE.names[1]} shoot!", FIXTURE) == [Mention("shot", FIXTURE.names[1])]


def test_a_score_belongs_to_the_event_named_last_or_to_none() -> None:
    told = FIXTURE.score_text((2, 1))
    assert mentions(f"Still {told}.", FIXTURE) == [Mention("", "", {"score": told})]
    shot, goal = mentions(f"{FIXTURE.colours[0]} shoot! {FIXTURE.colours[0]} score! {told}.", FIXTURE)
    assert (shot.facts, goal.facts) == ({}, {"score": told})
    assert parse_score(f"{TEAMS[0]} 1, {TEAMS[1]} 2.", Fixture(11)) is None


def test_the_next_match_is_no_event() -> None:
    assert parse(NEXT.format(a=FIXTURE.names[0], b=FIXTURE.names[1]), FIXTURE) == []


def test_names_colours_and_keywords_do_not_collide() -> None:
    names = [*TEAMS, *SURNAMES]
    assert len(set(TEAMS)) >= 64
    assert len(set(SURNAMES)) >= 64
    assert len(set(names)) == len(names)
    assert not set(map(str.lower, names)) & set(COLOURS)
    assert not any(KEYWORD.search(name) for name in names)
