"""Mistakes a free-running model makes, put into the context so that the model learns to go on rightly after them.

The score must stay derivable: a line that tells the score is only lost when a later one tells it again.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from core.programmes.football.commentator import Commentator
from core.programmes.football.event import MatchEvent
from core.programmes.football.fixture import Fixture
from core.programmes.football.reading import parse_score
from core.train.sample import Answer, EarlierLine

DROPPING_SHARE = 0.15
DROPPED_LINES = 0.15
CORRUPTED_SHARE = 0.12
INVENTED = ("shot", "save", "wide", "foul", "corner")


def drop_lines(lines: Sequence[EarlierLine], fixture: Fixture, rng: np.random.Generator) -> list[EarlierLine]:
    """Earlier lines of which some were never said."""
    if rng.random() > DROPPING_SHARE:
        return list(lines)
    last_score = max((n for n, line in enumerate(lines) if parse_score(line.text, fixture)), default=-1)
    return [line for n, line in enumerate(lines) if n == last_score or rng.random() > DROPPED_LINES]


def corrupt_answer(answers: Sequence[Answer], fixture: Fixture, rng: np.random.Generator) -> list[Answer]:
    """Answers of which at most one is wrong: an event missed, or one told that never was. The loss skips it."""
    if rng.random() > CORRUPTED_SHARE:
        return list(answers)
    wrong = list(answers)
    place = int(rng.integers(len(wrong)))
    said = wrong[place].text
    if said and parse_score(said, fixture) is None:
        wrong[place] = Answer("", in_loss=False)
    elif not said:
        wrong[place] = Answer(_invented(fixture, rng), in_loss=False)
    return wrong


def _invented(fixture: Fixture, rng: np.random.Generator) -> str:
    """A line that tells of something, and no score: that has just been told with the kick-off."""
    commentator = Commentator(fixture, int(rng.integers(1 << 30)))
    commentator.tell(MatchEvent(0.0, "kick-off", 0, (0, 0)))
    return commentator.tell(MatchEvent(5.0, str(rng.choice(INVENTED)), int(rng.integers(2)), (0, 0)))
