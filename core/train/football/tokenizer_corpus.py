"""What the tokenizer learns its merges from: everything the commentator can say, about many made-up fixtures."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from core.programmes.football.commentator import SHOT_AND, line
from core.programmes.football.event import KINDS, MatchEvent
from core.programmes.football.fixture import SURNAMES, TEAMS, Fixture

FIXTURES = 3000
NAME_REPEATS = 40


def corpus(fixtures: int = FIXTURES, seed: int = 0) -> Iterator[str]:
    """Contexts and lines, each as an answer is written: with a space in front and the stop mark behind."""
    rng = Random(f"corpus {seed}")
    for name in (*TEAMS, *SURNAMES):
        yield f" {name}" * NAME_REPEATS
    for number in range(fixtures):
        fixture = Fixture(number)
        yield fixture.context()
        for kind in KINDS:
            yield f" {line([_event(1.0, kind, rng)], fixture, 1.0, rng.randrange(1000))} ..."
        for end in SHOT_AND:
            shot = [_event(0.9, "shot", rng), _event(1.0, end, rng)]
            yield f" {line(shot, fixture, 1.0, rng.randrange(1000))} ..."


def _event(time: float, kind: str, rng: Random) -> MatchEvent:
    return MatchEvent(time, kind, rng.randrange(2), (rng.randrange(30), rng.randrange(30)))
