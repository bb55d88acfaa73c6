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
    """Chooses the frames of a faster source that go to the model: the first one at or after each sample time k / fps.

    Where the source runs at hardly more than `fps`, a frame that comes a little early still counts: the next one would
    be a period late, and a source that jitters would lose frames.
    """

    def __init__(self, fps: float) -> None:
        self.fps = fps
        self._sample = -1  # the last sample time served, in units of 1 / fps
        self._seen: deque[float] = deque(maxlen=8)  # media times of the last frames offered

    def sample(self, media_time: float) -> int | None:
        """The k whose sample time k / fps this frame serves, or None when that one is served already."""
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

    A chunk leaves as soon as its last frame is there; `partial` shows it before. One that misses a frame never leaves;
    `take_drop` tells of it.

    Attributes:
        frames: how many frames make a chunk.
        incomplete: how many chunks were given up.
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
        """Take a frame in; returns the chunk it completes. Frames of a chunk that has left already are ignored."""
        index, slot = divmod(math.floor((frame.media_time + ROUNDING_S) * self.fps), self.frames)
        if index > self._index:
            self._give_up()
            self._index = index
        elif index < self._index or slot in self._slots or self._left:
            return None
        self._slots[slot] = frame
        return self._chunk() if self._left else None

    def partial(self) -> Chunk | None:
        """The chunk being collected, with the frames it has; None where it has none, or misses one already."""
        there = len(self._slots)
        gapless = 0 < there < self.frames and max(self._slots) == there - 1
        return self._chunk() if gapless else None

    def take_drop(self) -> Drop | None:
        """The frames lost to incomplete chunks since the last call."""
        drop = self._drop
        self._drop = None
        return drop

    def finish(self) -> Drop | None:
        """The source has ended: what is still waiting for the rest of its chunk is lost."""
        self._give_up()
        return self.take_drop()

    @property
    def _left(self) -> bool:
        return len(self._slots) == self.frames

    def _chunk(self) -> Chunk:
        frames = [self._slots[slot] for slot in range(len(self._slots))]
        start = self._index * self.chunk_s
        return Chunk(self._index, start, start + self.chunk_s, _of_one_size(frames), frames[-1].captured_at)

    def _give_up(self) -> None:
        if self._slots and not self._left:
            self.incomplete += 1
            lost = len(self._slots) + (self._drop.frames if self._drop else 0)
            self._drop = Drop("incomplete", lost, max(frame.media_time for frame in self._slots.values()))
        self._slots = {}


def _of_one_size(frames: list[Frame]) -> tuple[np.ndarray, ...]:
    """Their pictures; those of another size are brought to the size of the last one."""
    size = frames[-1].image.shape
    return tuple(f.image if f.image.shape == size else resized(f.image, size[1], size[0]) for f in frames)


def resized(image: np.ndarray, width: int, height: int) -> np.ndarray:
    import numpy as np
    from PIL import Image

    return np.asarray(Image.fromarray(image).resize((width, height), Image.Resampling.BICUBIC))
