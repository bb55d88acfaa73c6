"""In which order samples are seen: a new shuffle each pass, known from the seed alone, so that a run can be resumed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np


@dataclass(frozen=True, slots=True)
class DataOrder:
    """What one of `processes` sees of `samples`, `batch` of which make an update.

    Attributes:
        first_step, steps: updates to be made; `steps` counts from the beginning of the run, 0: for ever.
    """

    samples: int
    batch: int
    seed: int
    first_step: int = 0
    steps: int = 0
    process: int = 0
    processes: int = 1

    def __iter__(self) -> Iterator[int]:
        """Sample numbers, update after update."""
        place = self.first_step * self.batch
        shuffled = -1
        order = np.empty(0, np.int64)
        while not self.steps or place < self.steps * self.batch:
            pass_, at = divmod(place, self.samples)
            if pass_ != shuffled:
                order = np.random.default_rng([self.seed, pass_]).permutation(self.samples)
                shuffled = pass_
            if place % self.batch % self.processes == self.process:
                yield int(order[at])
            place += 1

    def per_step(self) -> int:
        """Samples that this process sees in an update."""
        return len(range(self.process, self.batch, self.processes))
