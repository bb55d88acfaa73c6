"""The picture of a PyAV frame as a player shows it: square pixels, upright, in SDR, of a bounded size."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, Any

import numpy as np

from core.errors import SourceError
from core.raw_picture import FULL_RANGE, Colours, RawPicture
from core.video.hdr import is_hdr, to_sdr

if TYPE_CHECKING:
    from collections.abc import Callable

MAX_PIXELS = 8192 * 8192
"""Of a picture that is decoded at all: memory stays bounded whatever a file claims."""
MAX_SIDE = 4096
"""Pixels of a shown picture's longer side; larger ones are scaled down."""
HDR_SIDE = 1920
"""The same where every pixel is tone mapped."""
THREADS = 1
"""That convert a picture. It takes 3 ms for 1080p; FFmpeg's own choice is one thread a core, however many there are."""
STRANGEST_RATIO = 4
"""Pixels wider or narrower than that are a fault of the file: no camera has such ones."""


def check_size(stream: Any, name: str) -> None:
    """Raises SourceError for pictures that are larger than is decoded."""
    context = stream.codec_context
    if context.width * context.height > MAX_PIXELS:
        raise SourceError(
            "Pictures too large",
            f"{name} claims {context.width} x {context.height} pixels; at most {MAX_PIXELS // 10**6} million work",
        )


def upright(frame: Any, pixel_ratio: Fraction | None) -> np.ndarray:
    """uint8 RGB (height, width, 3), C-contiguous, of a PyAV frame. Raises SourceError for one that is too large."""
    if frame.width * frame.height > MAX_PIXELS:
        raise SourceError("Pictures too large", f"there is one of {frame.width} x {frame.height} pixels")
    hdr = is_hdr(int(frame.color_trc))
    width, height = shown_size(frame.width, frame.height, pixel_ratio, HDR_SIDE if hdr else MAX_SIDE)
    if hdr:
        signal = frame.to_ndarray(format="rgb48le", width=width, height=height, threads=THREADS)
        image = to_sdr(signal, int(frame.color_trc))
    else:
        image = frame.to_ndarray(format="rgb24", width=width, height=height, threads=THREADS)
    rotated = _rotation(frame)
    return np.ascontiguousarray(rotated(image) if rotated is not None else image)


def as_decoded(frame: Any, pixel_ratio: Fraction | None) -> np.ndarray | RawPicture:
    """A PyAV frame as a player shows it: its own planes where these are what is shown, else as `upright` makes it.

    Raises SourceError for one that is too large.
    """
    if frame.format.name not in ("yuv420p", "yuvj420p") or not _is_upright(frame, pixel_ratio):
        return upright(frame, pixel_ratio)
    full = frame.format.name == "yuvj420p"
    colours = Colours(int(frame.colorspace), FULL_RANGE if full else int(frame.color_range))
    return RawPicture(frame.to_ndarray(), "yuv420p", colours)


def shown_size(width: int, height: int, pixel_ratio: Fraction | None, most_side: int = MAX_SIDE) -> tuple[int, int]:
    """Width and height with square pixels, neither above `most_side`."""
    ratio = float(pixel_ratio or 1)
    if not 1 / STRANGEST_RATIO <= ratio <= STRANGEST_RATIO:
        ratio = 1.0
    shown = width * ratio
    scale = min(1.0, most_side / max(shown, height))
    return max(1, round(shown * scale)), max(1, round(height * scale))


def _is_upright(frame: Any, pixel_ratio: Fraction | None) -> bool:
    """Whether a decoded frame is already as `upright` would make it, but for its pixels' format. False for one that is
    too large."""
    size = (frame.width, frame.height)
    as_it_is = size == shown_size(*size, pixel_ratio) and not is_hdr(int(frame.color_trc))
    return as_it_is and not (frame.width % 2 or frame.height % 2) and _rotation(frame) is None


def _rotation(frame: Any) -> Callable[[np.ndarray], np.ndarray] | None:
    """What brings the decoded picture into its place, by the display matrix of ISO 14496-12; None: it is there."""
    try:
        side_data = list(frame.side_data)
    except ValueError:  # a kind that PyAV has no name for; the angle can be had without looking at it
        quarter_turns = round(frame.rotation / 90) % 4  # counter-clockwise, as np.rot90 counts
        return (lambda image: np.rot90(image, quarter_turns)) if quarter_turns else None
    for entry in side_data:
        if entry.type.name == "DISPLAYMATRIX":
            return _rotation_of(np.frombuffer(bytes(entry), np.int32, 9))
    return None


def _rotation_of(matrix: np.ndarray) -> Callable[[np.ndarray], np.ndarray] | None:
    """matrix: (9,), of which a, b, c and d say where a picture's x and y go."""
    a, b, c, d = (int(matrix[i]) for i in (0, 1, 3, 4))
    if abs(a) + abs(d) >= abs(b) + abs(c):
        rows = -1 if d < 0 else 1
        columns = -1 if a < 0 else 1
        return None if rows == columns == 1 else lambda image: image[::rows, ::columns]
    rows = -1 if b < 0 else 1
    columns = -1 if c < 0 else 1
    return lambda image: image.transpose(1, 0, 2)[::rows, ::columns]
