"""A picture in the format that its source has it in, from which RGB is made when somebody asks for that."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import numpy as np

PixelFormat = Literal["bgra", "yuv420p"]
FULL_RANGE = 2
"""AVCOL_RANGE_JPEG: luma from 0 to 255."""
UNSPECIFIED = 2
"""AVCOL_SPC_UNSPECIFIED."""


@dataclass(frozen=True, slots=True)
class Colours:
    """What the numbers of YUV mean, as H.273 counts it: `matrix` of coefficients, and `range` (FULL_RANGE or not)."""

    matrix: int = UNSPECIFIED
    range: int = 0


class RawPicture:
    """A picture that is converted only for who looks at it.

    Attributes:
        data: uint8, never written to again: (height, width, 4) of BGRX ("bgra"), or (height * 3 / 2, width), the planes
            Y, U and V one behind the other ("yuv420p").
        pixel_format: FFmpeg's name of it. colours: of YUV.
        shape: (height, width, 3), of the RGB picture.
    """

    def __init__(self, data: np.ndarray, pixel_format: PixelFormat, colours: Colours = Colours()) -> None:
        """Raises ValueError for data that are no picture of that format."""
        self.data = data
        self.pixel_format = pixel_format
        self.colours = colours
        self._rgb: np.ndarray | None = None
        rows = data.shape[0]
        planar = self.is_planar
        fits = data.ndim == 2 and rows % 3 == 0 and data.shape[1] % 2 == 0 if planar else data.shape[2:] == (4,)
        if not fits or min(data.shape) < 1:
            raise ValueError(f"a picture of {data.shape} is not {pixel_format}")
        self.shape = (rows // 3 * 2 if planar else rows, data.shape[1], 3)

    @property
    def is_planar(self) -> bool:
        return self.pixel_format == "yuv420p"

    def rgb(self) -> np.ndarray:
        """uint8 RGB (height, width, 3), C-contiguous; made once."""
        if self._rgb is None:
            self._rgb = self._converted()
        return self._rgb

    def av_frame(self) -> Any:
        """A PyAV frame over the same bytes."""
        import av

        frame = av.VideoFrame.from_numpy_buffer(self.data, self.pixel_format)
        if self.is_planar:
            frame.colorspace = self.colours.matrix
            frame.color_range = self.colours.range
        return frame

    def same_as(self, other: RawPicture) -> bool:
        """Whether it is the same picture to the last bit."""
        return self is other or (self.colours == other.colours and equal(self.data, other.data))

    def _converted(self) -> np.ndarray:
        import numpy as np

        try:
            frame = self.av_frame()
        except ModuleNotFoundError:
            if self.is_planar:
                raise
            return np.ascontiguousarray(self.data[..., 2::-1])
        return np.ascontiguousarray(frame.to_ndarray(format="rgb24", threads=1))


def equal(one: np.ndarray, other: np.ndarray) -> bool:
    """Whether two pictures are the same to the last bit: uint8, C-contiguous."""
    import numpy as np

    if one.shape != other.shape:
        return False
    word = np.uint64 if one.size % 8 == 0 else np.uint8  # eight bytes at once
    return bool(np.array_equal(one.reshape(-1).view(word), other.reshape(-1).view(word)))


def pixel_bytes(pixels: np.ndarray | RawPicture) -> np.ndarray:
    """The bytes of a picture as they are: uint8 (rows, width, ...)."""
    return pixels.data if isinstance(pixels, RawPicture) else pixels
