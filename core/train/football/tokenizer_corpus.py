"""What the tokenizer learns its merges from: everything the commentator can say, about many made-up fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from core.programmes.football.commentator import Commentator
from core.programmes.football.event import KINDS, MatchEvent
from core.programmes.football.fixture import SURNAMES, TEAMS, Fixture
from core.programmes.football.phrases import BOOK, PHRASES
from core.programmes.phrasebook import ORDINALS

FIXTURES = 3000
NAME_REPEATS = 40
PHRASE_EVERY = 4  # fixtures; each phrase is written for one of them
APART_S = 30.0


def corpus(fixtures: int = FIXTURES, seed: int = 0) -> Iterator[str]:
    """Contexts and lines, each as an answer is written: with a space in front and the stop mark behind."""
    rng = Random(f"corpus {seed}")
    for name in (*TEAMS, *SURNAMES, *ORDINALS):
        yield f" {name}" * NAME_REPEATS
    for number in range(fixtures):
        fixture = Fixture(number)
        yield fixture.context()
        commentator = Commentator(fixture, number)
        for place, kind in enumerate(KINDS):
            event = MatchEvent(place * APART_S, kind, rng.randrange(2), (rng.randrange(30), rng.randrange(30)))
            yield f" {commentator.tell(event)} ..."
        if number % PHRASE_EVERY == 0:
            yield from _phrases(fixture, rng)


def _phrases(fixture: Fixture, rng: Random) -> Iterator[str]:
    """Every phrase once."""
    team = rng.randrange(2)
    slots = {
        "c": fixture.colours[team], "t": fixture.names[team], "k": fixture.keepers[team], "nth": rng.choice(ORDINALS),
    }  # fmt: skip
    for mood in PHRASES:
        yield from (f" {text}. ..." for text in BOOK.filled(mood, slots))
