"""A bounded reservoir of samples: what was dear to play is learnt from a few times, far apart and never alike.

A process that plays episodes as they are used keeps the device waiting; one that goes over stored play lets it be
learnt by heart. In between, each chunk is drawn a given number of times among many others, then given up for a new one.
"""

from __future__ import annotations

from dataclasses import replace

import numpy as np

from core.train.augmentation import draw_augmentation
from core.train.sample import SampleSource, TrainingSample


class Reservoir:
    """Samples whose frames are stored pictures, given out a few times each in random order, seen anew every time."""

    def __init__(self, source: SampleSource, rng: np.random.Generator, keep: int, uses: int, desktops: int) -> None:
        """The first draw fills it.

        Args:
            source: of new samples, whose frames carry `draw_augmentation`'s entries. keep: samples kept; one of 16
                rounds holds 4 MB of pictures. uses: of a sample in which something is told; one of silence is given out
                once, as there is enough of that. desktops: how many the frame provider has.
        """
        self._source = source
        self._rng = rng
        self._keep = keep
        self._uses = uses
        self._desktops = desktops
        self._kept: list[tuple[TrainingSample, int]] = []

    def draw(self) -> TrainingSample:
        """A random one of the samples kept; after its last use a new one takes its place."""
        while len(self._kept) < self._keep:
            sample, uses = self._new()
            self._kept.append((sample, int(self._rng.integers(1, uses + 1))))
        place = int(self._rng.integers(self._keep))
        sample, left = self._kept[place]
        self._kept[place] = (sample, left - 1) if left > 1 else self._new()
        return replace(sample, frames={**sample.frames, **draw_augmentation(self._rng, 1, self._desktops)})

    def _new(self) -> tuple[TrainingSample, int]:
        """A sample, and how often it is to be given out."""
        sample = self._source.draw()
        return sample, self._uses if any(answer.text for answer in sample.answers) else 1
