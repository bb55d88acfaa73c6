"""Play without end for those who train: one-second rounds of one episode after the other, none ever repeated.

Each worker process of a trainer runs a stream of its own over seeds of its own; memory stays that of one episode.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing
from dataclasses import dataclass

import numpy as np

from core.errors import SourceError
from core.programmes.programme import EARLY_S, LATE_S, Episode, Event

LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, eq=False)
class Round:
    """One second of an episode as the model meets it.

    Attributes:
        seed: of the episode. context: what is told beforehand, the same for all its rounds.
        start_s: seconds since the episode's start.
        frames: (fps, height, width, 3) uint8 RGB.
        line: what the commentator says in it, "" for silence. events: those that the line tells.
    """

    seed: int
    context: str
    start_s: float
    frames: np.ndarray
    line: str
    events: tuple[Event, ...]


def rounds(begin: Callable[[int], Episode], seeds: Iterable[int], seconds: int, fps: int) -> Iterator[Round]:
    """Rounds of an episode of each seed, in order.

    An episode whose program ends on its own is given up, with a warning, for that of the next seed.

    Args:
        begin: starts the episode of a seed; a programme's `start` with its facts shown or not.
        seconds: rounds of an episode at most. fps: pictures of a round.
    """
    for seed in seeds:
        with closing(begin(seed)) as episode:
            try:
                yield from play(episode, seed, seconds, fps)
            except SourceError as error:
                LOG.warning("episode %d given up: %s", seed, error)


def play(episode: Episode, seed: int, seconds: int, fps: int) -> Iterator[Round]:
    """The rounds of an episode that has just begun."""
    for second in range(seconds):
        start_s = float(second)
        frames = np.stack([episode.frame(start_s + number / fps) for number in range(fps)])
        line = episode.line(start_s)
        told = tuple(episode.events(start_s - LATE_S, start_s + EARLY_S))
        yield Round(seed, episode.context, start_s, frames, line, told)
