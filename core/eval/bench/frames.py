"""A moving picture held in memory, so that drawing costs nothing while something else is measured."""

from __future__ import annotations

import time
from typing import Protocol

import numpy as np

from core.programmes.football.programme import FootballEpisode
from core.types import Chunk
from core.video.chunker import resized


class FrameSource(Protocol):
    """What a run is shown."""

    def chunk(self, index: int, fps: int) -> Chunk: ...


class LoopedFrames:
    """Some seconds of the arena, over and over, as chunks of one second.

    Attributes:
        frames: (frames, height, width, 3) uint8.
    """

    def __init__(self, frames: int, fps: float, size: tuple[int, int] | None = None, seed: int = 1) -> None:
        """`size` is (width, height) in pixels; None leaves the pictures as they are drawn."""
        arena = FootballEpisode(seed)
        self.context = arena.context
        drawn = (arena.frame(number / fps) for number in range(frames))
        self.frames = np.stack([picture if size is None else resized(picture, *size) for picture in drawn])

    def chunk(self, index: int, fps: int) -> Chunk:
        """The second `index` of the stream with `fps` frames; its last frame was taken just now."""
        first = index * fps
        wanted = np.arange(first, first + fps) % len(self.frames)
        return Chunk(index, float(index), index + 1.0, tuple(self.frames[n] for n in wanted), time.monotonic())


class PingPongFrames:
    """Some seconds of the arena at the match's own pace, forwards and backwards in turn, so that it never jumps.

    Players and ball move, the ground stands, as the arena's camera does. `LoopedFrames`, whose pictures are always
    1/8 s apart and which begins anew with a jump, moves too fast at high rates to tell what repeats.

    Attributes:
        frames: (frames, height, width, 3) uint8, `rate` of them a second.
    """

    def __init__(self, frames: int, rate: int, size: tuple[int, int], seed: int = 1) -> None:
        """`size` is (width, height) in pixels."""
        arena = FootballEpisode(seed)
        self.rate = rate
        self.frames = np.stack([resized(arena.frame(number / rate), *size) for number in range(frames)])

    def chunk(self, index: int, fps: int) -> Chunk:
        """The second `index` of the stream with `fps` frames; its last frame was taken just now."""
        there = len(self.frames) - 1
        wanted = np.rint((index + np.arange(fps) / fps) * self.rate).astype(int) % (2 * there)
        wanted = np.where(wanted > there, 2 * there - wanted, wanted)
        return Chunk(index, float(index), index + 1.0, tuple(self.frames[n] for n in wanted), time.monotonic())
