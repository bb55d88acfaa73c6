"""Mistakes a free-running model makes, put into the context so that the model learns to go on rightly after them.

The score must stay derivable: a line that tells the score is only lost when a later one tells it again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.programmes.football.commentator import parse_score
from core.programmes.football.kit import Fixture
from core.train.transcript import Answer, Told

FORGETFUL_SHARE = 0.15
FORGET = 0.15
SLIP_SHARE = 0.12


def forget(lines: Sequence[Told], fixture: Fixture, rng: np.random.Generator) -> list[Told]:
    """Earlier lines of which some were never said."""
    if rng.random() > FORGETFUL_SHARE:
        return list(lines)
    last_score = max((n for n, line in enumerate(lines) if parse_score(line.said, fixture)), default=-1)
    return [line for n, line in enumerate(lines) if n == last_score or rng.random() > FORGET]


def slip(answers: Sequence[Answer], fixture: Fixture, rng: np.random.Generator) -> list[Answer]:
    """Answers of which at most one is wrong: an event missed, or one told that never was. The loss skips it."""
    if rng.random() > SLIP_SHARE:
        return list(answers)
    wrong = list(answers)
    place = int(rng.integers(len(wrong)))
    said = wrong[place].said
    if said and parse_score(said, fixture) is None:
        wrong[place] = Answer("", learnt=False)
    elif not said:
        team = rng.integers(2)
        who = f"In {fixture.colours[team]}, {fixture.names[team]}"
        wrong[place] = Answer(
            rng.choice((f"{who} shoot!", f"{who} commit a foul.", f"{who} take the throw-in.")), learnt=False
        )
    return wrong
