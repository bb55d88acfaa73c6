"""Samples cut from episodes of any programmes, played anew from seeds as they are used."""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice

import numpy as np

from core.errors import SourceError
from core.programmes.programme import Episode, Programme
from core.programmes.stream import Round, play
from core.train.augmentation import draw_augmentation
from core.train.bundled_config import FRAME_SIZE, FRAMES_PER_ROUND
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN
from core.train.sample import Answer, EarlierLine, TrainingSample
from core.video.chunker import resized

LOG = logging.getLogger(__name__)
AT_ONCE = 4
ATTEMPTS = 5  # at starting an episode
EPISODE_S = (60.0, 900.0)
MOVED_LINES = 17  # the last lines before a chunk at most that were said in rounds
LATER_SHARE = 0.5  # of the chunks that are told to be hours into a stream
LATEST_S = 20_000.0


class Playback:
    """One episode as it is played, and what a chunk of it needs of what went before.

    Attributes:
        rounds: the last ones, as many as a chunk has, their frames of FRAME_SIZE. lines: everything said before those,
            by round. spoken: the last PREFIX_ROUNDS_SEEN rounds before those in which something was said.
    """

    def __init__(self, episode: Episode, seed: int, rounds: int, seconds: int) -> None:
        self.episode = episode
        self.rounds: deque[Round] = deque()
        self.lines: list[tuple[int, str]] = []
        self.spoken: deque[Round] = deque(maxlen=PREFIX_ROUNDS_SEEN)
        self._played = play(episode, seed, seconds, FRAMES_PER_ROUND)
        self._length = rounds

    def advance(self, rounds: int) -> bool:
        """Play so many rounds more; False where it ends before."""
        for played in islice(self._played, rounds):
            small = np.stack([resized(frame, *FRAME_SIZE) for frame in played.frames])
            self.rounds.append(replace(played, frames=small))
            if len(self.rounds) > self._length:
                self._leave(self.rounds.popleft())
            rounds -= 1
        return rounds == 0

    def _leave(self, left: Round) -> None:
        if left.line:
            self.lines.append((round(left.start_s), left.line))
            self.spoken.append(left)


class EpisodeSource:
    """Plays a few episodes side by side; each sample is the next chunk of one of them, half of it new."""

    def __init__(
        self,
        programmes: Sequence[Programme],
        rng: np.random.Generator,
        seeds: range,
        rounds: int,
        desktops: int,
        at_once: int = AT_ONCE,
    ) -> None:
        """Raises UsageError for a programme that cannot run here.

        Args:
            desktops: how many the frame provider has.
            at_once: episodes that are played side by side.
        """
        self._programmes = programmes
        self._rng = rng
        self._seeds = seeds
        self._rounds = rounds
        self._desktops = desktops
        self._playing = [self._started() for _ in range(at_once)]

    def _started(self) -> Playback:
        """A new episode; one that does not start is given up for another."""
        for _ in range(ATTEMPTS - 1):
            try:
                return self._start()
            except SourceError as error:
                LOG.warning("an episode did not start: %s", error)
        return self._start()

    def _start(self) -> Playback:
        programme = self._programmes[int(self._rng.integers(len(self._programmes)))]
        seed = int(self._rng.integers(self._seeds.start, self._seeds.stop))
        episode = programme.start(seed, bool(self._rng.random() < 0.5))
        return Playback(episode, seed, self._rounds, self._rounds + int(self._rng.uniform(*EPISODE_S)))

    def draw(self) -> TrainingSample:
        """The next chunk of a random one of the episodes; one that is over, or broke off, is followed by another."""
        place = int(self._rng.integers(len(self._playing)))
        while not self._advanced(self._playing[place]):
            self._playing[place].episode.close()
            self._playing[place] = self._started()
        return self._sample(self._playing[place])

    def _advanced(self, playback: Playback) -> bool:
        try:
            return playback.advance(max(1, self._rounds // 2) if playback.rounds else self._rounds)
        except SourceError as error:
            LOG.warning("an episode broke off: %s", error)
            return False

    def _sample(self, playback: Playback) -> TrainingSample:
        first = round(playback.rounds[0].start_s)
        moved = playback.lines[-MOVED_LINES:]
        as_text = [text for _, text in playback.lines[: len(playback.lines) - len(moved)]]
        later = first > 0 and self._rng.random() < LATER_SHARE
        return TrainingSample(
            playback.episode.context,
            as_text,
            [EarlierLine(number - first, text) for number, text in moved],
            float(first + (int(self._rng.uniform(1.0, LATEST_S)) if later else 0)),
            [Answer(played.line) for played in playback.rounds],
            {"frames": _frames(playback), **draw_augmentation(self._rng, 1, self._desktops)},
            playback.episode.mentions,
        )


def _frames(playback: Playback) -> np.ndarray:
    """((PREFIX_ROUNDS_SEEN + rounds) * FRAMES_PER_ROUND, height, width, 3): of the lines before, then of the chunk."""
    surplus = [playback.rounds[0]] * (PREFIX_ROUNDS_SEEN - len(playback.spoken))
    return np.concatenate([played.frames for played in (*playback.spoken, *surplus, *playback.rounds)])
