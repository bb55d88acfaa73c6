"""From the frames of a source to the chunks of a stream. numpy only, and Pillow when a size changes inside a chunk."""

from __future__ import annotations

import math
from collections import deque
from dataclasses import replace
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.messages import Drop
from core.types import Chunk, Frame

if TYPE_CHECKING:
    import numpy as np

EARLY_SHARE = 0.25
"""How much of a sample period a frame may be early, when the source is hardly faster than that."""
SLOW_SHARE = 0.75
"""A source whose frames lie further apart than this share of a sample period is hardly faster."""
ROUNDING_S = 1e-6


class FrameSampler:
    """Samples a source at `fps`: the first frame at or after each sample time k / fps.

    Where the source is hardly faster than `fps`, a frame that is a little early counts, too: the next one would be a
    period late, and a source with jitter would lose frames.
    """

    def __init__(self, fps: float) -> None:
        self.fps = fps
        self._sample = -1  # the last k that has a frame
        self._seen: deque[float] = deque(maxlen=8)  # media times of the last frames offered

    def sample(self, media_time: float) -> int | None:
        """The k whose sample time k / fps this frame is for, or None when that one has its frame."""
        self._seen.append(media_time)
        sample = math.floor((media_time + self._early()) * self.fps)
        if sample <= self._sample:
            return None
        self._sample = sample
        return sample

    def _early(self) -> float:
        """Seconds by which a frame may be early."""
        apart = (self._seen[-1] - self._seen[0]) / max(len(self._seen) - 1, 1)
        return EARLY_SHARE / self.fps if apart > SLOW_SHARE / self.fps else ROUNDING_S

    def take(self, frame: Frame) -> Frame | None:
        """The frame with its sample time as media time, or None when the model does not need it."""
        sample = self.sample(frame.media_time)
        return None if sample is None else replace(frame, media_time=sample / self.fps)


class Chunker:
    """Collects sampled frames into chunks: chunk k holds the sample times k * chunk_s + i / fps.

    A chunk is complete with its last frame; `partial` gives it before. One that misses a frame is dropped, which
    `take_drop` reports.

    Attributes:
        frames: how many frames make a chunk.
        incomplete: how many chunks were dropped.
    """

    def __init__(self, fps: float, chunk_s: float = 1.0) -> None:
        self.fps = fps
        self.chunk_s = chunk_s
        self.frames = round(fps * chunk_s)
        if self.frames < 1 or abs(self.frames - fps * chunk_s) > ROUNDING_S:
            raise UsageError("Uneven frame rate", f"{fps:g} fps x {chunk_s:g} s is not a whole number of frames")
        self.incomplete = 0
        self._index = -1  # the chunk being collected
        self._slots: dict[int, Frame] = {}
        self._drop: Drop | None = None

    def add(self, frame: Frame) -> Chunk | None:
        """Add a frame; returns the chunk it completes. Frames of a chunk that was complete already are ignored."""
        index, slot = divmod(math.floor((frame.media_time + ROUNDING_S) * self.fps), self.frames)
        if index > self._index:
            self._drop_incomplete()
            self._index = index
        elif index < self._index or slot in self._slots or self._complete:
            return None
        self._slots[slot] = frame
        return self._chunk() if self._complete else None

    def partial(self) -> Chunk | None:
        """The chunk being collected, with the frames it has; None where it has none, or misses one already."""
        count = len(self._slots)
        gapless = 0 < count < self.frames and max(self._slots) == count - 1
        return self._chunk() if gapless else None

    def take_drop(self) -> Drop | None:
        """The frames lost to incomplete chunks since the last call."""
        drop = self._drop
        self._drop = None
        return drop

    def finish(self) -> Drop | None:
        """End of the source: drop the frames of the chunk that will not be complete."""
        self._drop_incomplete()
        return self.take_drop()

    @property
    def _complete(self) -> bool:
        return len(self._slots) == self.frames

    def _chunk(self) -> Chunk:
        frames = [self._slots[slot] for slot in range(len(self._slots))]
        start = self._index * self.chunk_s
        return Chunk(self._index, start, start + self.chunk_s, _same_size(frames), frames[-1].captured_at)

    def _drop_incomplete(self) -> None:
        if self._slots and not self._complete:
            self.incomplete += 1
            lost = len(self._slots) + (self._drop.frames if self._drop else 0)
            self._drop = Drop("incomplete", lost, max(frame.media_time for frame in self._slots.values()))
        self._slots = {}


def _same_size(frames: list[Frame]) -> tuple[np.ndarray, ...]:
    """Their images, resized to the size of the last one where they differ."""
    size = frames[-1].image.shape
    return tuple(f.image if f.image.shape == size else resized(f.image, size[1], size[0]) for f in frames)


def resized(image: np.ndarray, width: int, height: int) -> np.ndarray:
    import numpy as np
    from PIL import Image

    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BICUBIC))
