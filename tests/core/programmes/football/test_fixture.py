"""Fixtures: drawn from the seed, told in the context, and never of two look-alike colours."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from core.programmes.football.fixture import LOOK_ALIKE, Fixture

SEEDS = st.integers(0, 10**6)


@given(SEEDS)
def test_the_same_seed_is_the_same_fixture(seed: int) -> None:
    assert Fixture(seed) == Fixture(seed)


@given(SEEDS)
def test_teams_keepers_and_colours_can_be_told_apart(seed: int) -> None:
    fixture = Fixture(seed)
    assert len(set(fixture.names)) == len(set(fixture.keepers)) == len(set(fixture.colours)) == 2
    assert set(fixture.colours) not in LOOK_ALIKE
    assert all(0.0 <= part <= 1.0 for colour in (*fixture.rgb, *fixture.keeper_rgb) for part in colour)


@given(SEEDS)
def test_the_context_binds_every_name_to_its_colour(seed: int) -> None:
    fixture = Fixture(seed)
    context = fixture.context()
    assert all(part in context for part in (*fixture.names, *fixture.colours, *fixture.keepers))
    first, second = fixture.names[fixture.first], fixture.names[1 - fixture.first]
    assert context.index(first) < context.index(second)


@given(SEEDS, st.tuples(st.integers(0, 30), st.integers(0, 30)))
def test_a_score_names_the_same_team_first(seed: int, score: tuple[int, int]) -> None:
    fixture = Fixture(seed)
    told = dict(part.rsplit(" ", 1) for part in fixture.score_text(score).split(", "))
    assert told == {fixture.names[team]: str(score[team]) for team in (0, 1)}
    assert fixture.score_text(score).startswith(fixture.names[fixture.first])
