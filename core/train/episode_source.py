"""Samples cut from episodes of any programmes, played anew from seeds as they are used."""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from core.programmes.programme import Episode, Programme
from core.train.augmentation import draw_augmentation
from core.train.bundled_config import FPS, FRAME_SIZE, FRAMES_PER_ROUND
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN
from core.train.sample import Answer, EarlierLine, TrainingSample
from core.video.chunker import resized

AT_ONCE = 4
EPISODE_S = (60.0, 900.0)
MOVED_LINES = 17  # the last lines before a chunk at most that were said in rounds
LATER_SHARE = 0.5  # of the chunks that are told to be hours into a stream
LATEST_S = 20_000.0


@dataclass(frozen=True, slots=True, eq=False)
class PlayedRound:
    """One second of an episode: frames (FRAMES_PER_ROUND, height, width, 3) uint8 of FRAME_SIZE, and its line."""

    number: int
    frames: np.ndarray
    line: str


class Playback:
    """One episode as it is played, and what a chunk of it needs of what went before.

    Attributes:
        rounds: the last ones, as many as a chunk has. lines: everything said before those, by round.
        spoken: the last PREFIX_ROUNDS_SEEN rounds before those in which something was said.
    """

    def __init__(self, episode: Episode, rounds: int, seconds: float) -> None:
        self.episode = episode
        self.rounds: deque[PlayedRound] = deque()
        self.lines: list[tuple[int, str]] = []
        self.spoken: deque[PlayedRound] = deque(maxlen=PREFIX_ROUNDS_SEEN)
        self._seconds = seconds
        self._length = rounds
        self._reached = 0

    @property
    def over(self) -> bool:
        """Whether it has been played for as long as it was to be."""
        return self._reached >= self._seconds

    def advance(self, rounds: int) -> None:
        """Play so many rounds more."""
        for _ in range(rounds):
            self.rounds.append(self._played(self._reached))
            self._reached += 1
            if len(self.rounds) > self._length:
                self._leave(self.rounds.popleft())

    def _played(self, number: int) -> PlayedRound:
        times = number + np.arange(FRAMES_PER_ROUND) / FPS
        frames = np.stack([resized(self.episode.frame(float(time)), *FRAME_SIZE) for time in times])
        return PlayedRound(number, frames, self.episode.line(float(number)))

    def _leave(self, left: PlayedRound) -> None:
        if left.line:
            self.lines.append((left.number, left.line))
            self.spoken.append(left)


class EpisodeSource:
    """Plays a few episodes side by side; each sample is the next chunk of one of them, half of it new."""

    def __init__(
        self, programmes: Sequence[Programme], rng: np.random.Generator, seeds: range, rounds: int, desktops: int
    ) -> None:
        """`desktops`: how many the frame provider has. Raises UsageError for a programme that cannot run here."""
        self._programmes = programmes
        self._rng = rng
        self._seeds = seeds
        self._rounds = rounds
        self._desktops = desktops
        self._playing = [self._started() for _ in range(AT_ONCE)]

    def _started(self) -> Playback:
        programme = self._programmes[int(self._rng.integers(len(self._programmes)))]
        seed = int(self._rng.integers(self._seeds.start, self._seeds.stop))
        episode = programme.start(seed, bool(self._rng.random() < 0.5))
        return Playback(episode, self._rounds, self._rounds + self._rng.uniform(*EPISODE_S))

    def draw(self) -> TrainingSample:
        """The next chunk of a random one of the episodes."""
        place = int(self._rng.integers(len(self._playing)))
        if self._playing[place].over:
            self._playing[place].episode.close()
            self._playing[place] = self._started()
        playback = self._playing[place]
        playback.advance(max(1, self._rounds // 2) if playback.rounds else self._rounds)
        return self._sample(playback)

    def _sample(self, playback: Playback) -> TrainingSample:
        first = playback.rounds[0].number
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
