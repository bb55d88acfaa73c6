"""Samples on which nothing is to be said, whatever the context promises."""

from __future__ import annotations

from random import Random

import numpy as np

from core.programmes.desktop.theme import USERS
from core.programmes.football.commentator import Commentator
from core.programmes.football.event import KINDS, MatchEvent
from core.programmes.football.fixture import Fixture
from core.programmes.freedoom.level import BOTS, PLAYERS
from core.programmes.freedoom.programme import context_of
from core.programmes.programme import Programme
from core.train.augmentation import draw_augmentation
from core.train.bundled_config import FRAME_SIZE, FRAMES_PER_ROUND
from core.train.chunk_encoder import PREFIX_ROUNDS_SEEN
from core.train.sample import Answer, EarlierLine, TrainingSample
from core.train.shape_scenes import shape_clip
from core.video.chunker import resized

CLIPS = 16
NEW_SHARE = 0.1  # of the samples have a clip that no other had
SCENE_SHARE = 0.5  # of the clips are of the programme, the others shapes
CUT_SHARE = 0.2  # of the samples change from one clip to another
SPOKEN_SHARE = 0.5  # of those with football's context come after some football
LATEST_S = 20_000.0


class SilentSource:
    """Keeps some clips at hand, since there is nothing to learn by heart on them, and replaces them steadily."""

    def __init__(
        self, programme: Programme, rng: np.random.Generator, seeds: range, rounds: int, desktops: int
    ) -> None:
        """`programme`: one without events. `desktops`: how many the frame provider has."""
        self._programme = programme
        self._rng = rng
        self._seeds = seeds
        self._rounds = rounds
        self._desktops = desktops
        self._clips = [self._clip()]

    def draw(self) -> TrainingSample:
        """A clip under some context, every round of it silent."""
        rng = self._rng
        if len(self._clips) < CLIPS:
            self._clips.append(self._clip())
        elif rng.random() < NEW_SHARE:
            self._clips[int(rng.integers(CLIPS))] = self._clip()
        frames = self._clips[int(rng.integers(len(self._clips)))]
        if rng.random() < CUT_SHARE:
            cut = int(rng.integers(1, len(frames)))
            frames = np.concatenate([self._clips[int(rng.integers(len(self._clips)))][:cut], frames[cut:]])
        context, earlier = self._background()
        return TrainingSample(
            context, [], earlier,
            float(int(rng.uniform(1.0, LATEST_S))) if earlier or rng.random() < 0.5 else 0.0,
            [Answer("")] * self._rounds,
            {"frames": frames, **draw_augmentation(rng, 1, self._desktops)},
            None,
        )  # fmt: skip

    def _clip(self) -> np.ndarray:
        """((PREFIX_ROUNDS_SEEN + rounds) * FRAMES_PER_ROUND, height, width, 3) uint8."""
        count = (PREFIX_ROUNDS_SEEN + self._rounds) * FRAMES_PER_ROUND
        if self._rng.random() > SCENE_SHARE:
            return shape_clip(self._rng, count)
        episode = self._programme.start(int(self._rng.integers(self._seeds.start, self._seeds.stop)), False)
        begin = self._rng.uniform(0.0, 300.0)
        times = [begin + number / FRAMES_PER_ROUND for number in range(count)]
        pictures = np.stack([resized(episode.frame(time), *FRAME_SIZE) for time in times])
        episode.close()
        return pictures

    def _background(self) -> tuple[str, list[EarlierLine]]:
        """What is told beforehand, and what has been said: often nothing, often what belongs to another source."""
        rng = self._rng
        kind = rng.random()
        if kind < 0.45:
            return "", []
        if kind < 0.75:
            fixture = Fixture(int(rng.integers(1 << 40)))
            return fixture.context(), self._football(fixture) if rng.random() < SPOKEN_SHARE else []
        if kind < 0.9:
            drawn = Random(int(rng.integers(1 << 30)))
            return context_of(drawn.choice(PLAYERS), tuple(drawn.sample(BOTS, drawn.choice((0, 2, 3))))), []
        return f"This is a computer screen. {USERS[int(rng.integers(len(USERS)))]} is at work.", []

    def _football(self, fixture: Fixture) -> list[EarlierLine]:
        """Lines of a match that was on before."""
        rng = self._rng
        rounds = -1 - np.cumsum(rng.integers(1, 16, int(rng.integers(1, 9))))[::-1]
        score = int(rng.integers(6)), int(rng.integers(6))
        commentator = Commentator(fixture, int(rng.integers(1 << 30)))
        kinds = [KINDS[int(rng.integers(len(KINDS)))] for _ in rounds]
        events = [
            MatchEvent(float(at), kind, int(rng.integers(2)), score) for at, kind in zip(rounds, kinds, strict=True)
        ]
        texts = [commentator.tell(event) for event in events]
        return [EarlierLine(int(number), text) for number, text in zip(rounds, texts, strict=True)]
