"""Where the frames of a sample come from: the video, sought and decoded for this piece alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import numpy as np

from core.data.sample import Sample


class ClipSource(Protocol):
    """Gives the frames of a sample; can be pickled, for worker processes."""

    def frames(self, sample: Sample, fps: int) -> Sequence[np.ndarray]:
        """uint8 (height, width, 3) each, from the sample's start to its end. Raises SourceError, naming the video."""
        ...


@dataclass(frozen=True, slots=True)
class VideoClips:
    """Decodes videos with PyAV, from the last key picture before a sample to its end.

    Attributes:
        root: what the paths of the samples are relative to.
    """

    root: Path

    def frames(self, sample: Sample, fps: int) -> Sequence[np.ndarray]:
        """As `ClipSource`."""
        from core.data.clip import clip_frames

        return clip_frames(self.root / sample.video, sample.start, sample.end, float(fps))
