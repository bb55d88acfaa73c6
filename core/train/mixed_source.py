"""Samples of several sources in turns, and the frame provider of their batches."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import chain, cycle

import torch
from torch import Tensor

from core.train.frame_provider import FrameProvider
from core.train.sample import SampleSource, TrainingSample

PAINTED = "painted/"
STORED = "stored/"
"""Names of a sample's arrays begin with that of the provider that makes its frames."""


class MixedSource:
    """Draws so many samples of each source, then begins anew: in every batch the painted ones come first."""

    def __init__(self, painted: Sequence[tuple[SampleSource, int]], stored: Sequence[tuple[SampleSource, int]]) -> None:
        turns = ((PAINTED, painted), (STORED, stored))
        self._turns = cycle(
            [*chain(*([(prefix, source)] * count for prefix, sources in turns for source, count in sources))]
        )

    def draw(self) -> TrainingSample:
        """The sample of the next source whose turn it is."""
        prefix, source = next(self._turns)
        sample = source.draw()
        return replace(sample, frames={prefix + name: array for name, array in sample.frames.items()})


class MixedFrames:
    """Frames of batches whose chunks are painted, then stored; either may be missing."""

    def __init__(self, painted: FrameProvider, stored: FrameProvider) -> None:
        self._providers = {PAINTED: painted, STORED: stored}

    def frames(self, batch: Mapping[str, Tensor]) -> Tensor:
        """As `FrameProvider`."""
        made = []
        for prefix, provider in self._providers.items():
            own = arrays_of(batch, prefix)
            if own:
                made.append(provider.frames(own))
        return torch.cat([frames.to(made[0].dtype) for frames in made])


def arrays_of(batch: Mapping[str, Tensor], prefix: str) -> dict[str, Tensor]:
    """The arrays of one provider by the names it knows them."""
    return {name.removeprefix(prefix): array for name, array in batch.items() if name.startswith(prefix)}
