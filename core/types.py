"""Frames and chunks, on their way from a source to the model. No torch, no Qt."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from core.raw_picture import RawPicture

if TYPE_CHECKING:
    import numpy as np


@dataclass(frozen=True, slots=True, eq=False)
class Sound:
    """What was heard until a picture, where its source has sound; all seconds are of the sender's clock.

    Attributes:
        picture_s: of the picture.
        blocks: the second of the first sample, and int16 (samples, 2) at 48 kHz; one behind the other.
    """

    picture_s: float
    blocks: tuple[tuple[float, np.ndarray], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Frame:
    """One picture from a source.

    Attributes:
        pixels: the picture as its source has it: uint8 RGB as of `image`, or one that is converted when needed.
        captured_at: when the picture was taken, `time.monotonic()` seconds; passed on up to the line.
        media_time: seconds since the source started, on the source's own clock.
        film_s: which second of a stored film it shows, wherever one has jumped in that; None for all else.
        sound: that has come since the frame before, where it is wanted and the source brings it with its pictures.
    """

    pixels: np.ndarray | RawPicture
    captured_at: float
    media_time: float
    film_s: float | None = None
    sound: Sound | None = None

    @property
    def image(self) -> np.ndarray:
        """uint8 RGB, shape (height, width, 3), C-contiguous, never written to again."""
        return self.pixels.rgb() if isinstance(self.pixels, RawPicture) else self.pixels


@dataclass(frozen=True, slots=True, eq=False)
class Chunk:
    """The frames of one round: the source seconds [start, end).

    Attributes:
        index: how many chunk lengths lie before this one on the source's clock; a dropped chunk leaves a hole.
        start: source seconds at which the chunk begins.
        end: source seconds at which the chunk ends.
        frames: uint8 RGB, (height, width, 3) each, all of one size.
        captured_at: `captured_at` of the last frame.
    """

    index: int
    start: float
    end: float
    frames: tuple[np.ndarray, ...]
    captured_at: float
