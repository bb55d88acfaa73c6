"""A film whose pictures tell by their grey at which second they are."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import numpy as np

from core.types import Frame

FPS = 10


def write_grey_film(path: Path, seconds: int) -> Path:
    """At most 60 seconds: the grey of a picture is 4 times its second."""
    import av

    with av.open(str(path), "w") as container:
        stream = container.add_stream("libx264", rate=FPS, options={"preset": "ultrafast"})
        stream.width = 64
        stream.height = 48
        stream.pix_fmt = "yuv420p"
        for number in range(seconds * FPS):
            grey = round(4 * number / FPS)
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), grey, np.uint8), format="rgb24")
            frame.pts = number
            frame.time_base = Fraction(1, FPS)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return path


def second_of(image: np.ndarray) -> float:
    """The second of a picture of such a film, to half a second."""
    return float(image.mean()) / 4


def is_true(frame: Frame) -> bool:
    """Whether a frame shows the second of the film that it says it does."""
    return frame.film_s is not None and abs(second_of(frame.image) - frame.film_s) < 0.8
