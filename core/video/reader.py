"""Reading a video file by media time. Needs PyAV, imported when a file is opened."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import SourceError
from core.video.chunker import FrameSampler

if TYPE_CHECKING:
    import numpy as np

MISSING_S = 1.0
"""A file that ends this much before the length it claims is cut off."""


class VideoReader:
    """The pictures of a video file, upright, with square pixels, by presentation time.

    Attributes:
        path: the file.
        duration: seconds the file claims to last; None when it does not say.
        warning: after the last picture, why there were no more of them ("" when all is well).
    """

    def __init__(self, path: Path) -> None:
        """Opens the file. Raises SourceError when there is none, or no video in it."""
        import av

        self.path = path
        self.warning = ""
        if not path.is_file():
            raise SourceError("No such file", f"{path} does not exist" if not path.exists() else f"{path} is no file")
        try:
            self._container = av.open(str(path))
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError("Not a video", f"{path} cannot be read as one ({reason(error)})") from error
        if not self._container.streams.video:
            self._container.close()
            raise SourceError("Not a video", f"{path} has no picture track")
        self._stream = self._container.streams.video[0]
        self._stream.thread_type = "AUTO"
        self._start = (self._container.start_time or 0) / av.time_base
        self.duration = self._container.duration / av.time_base if self._container.duration else None

    def at_rate(self, fps: float) -> Iterator[tuple[float, np.ndarray]]:
        """(seconds, uint8 RGB (height, width, 3)) at every k / fps: the first picture at or after that time.

        Where the file has no picture between two sample times (its rate is low or varies), the last one is repeated.
        Damage ends the pictures and sets `warning`; a file damaged from its first picture on raises SourceError.
        """
        sampler = FrameSampler(fps)
        following = 0
        image = None
        end = 0.0
        for seconds, frame in self._decoded():
            end = seconds + _shown_s(frame, self._stream)
            sample = sampler.sample(seconds)
            if sample is None:
                continue
            fresh = upright(frame, self._stream.sample_aspect_ratio)
            for earlier in range(following, sample):
                yield earlier / fps, fresh if image is None else image
            image = fresh
            following = sample + 1
            yield sample / fps, image
        while image is not None and following / fps < end - 1e-3:
            yield following / fps, image
            following += 1
        self._check_duration(end)

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def _decoded(self) -> Iterator[tuple[float, Any]]:
        """(seconds from the start of the file, PyAV frame) in order of time."""
        import av

        seen = False
        try:
            for frame in self._container.decode(self._stream):
                if frame.time is not None:
                    seen = True
                    yield frame.time - self._start, frame
        except av.error.FFmpegError as error:
            if not seen:
                raise SourceError("Damaged video", f"{self.path}: no picture can be read ({reason(error)})") from error
            self.warning = f"{self.path.name} is damaged ({reason(error)})"
        else:
            if not seen:
                raise SourceError("Damaged video", f"{self.path} holds no picture that can be read")

    def _check_duration(self, end: float) -> None:
        if not self.warning and self.duration is not None and end < self.duration - MISSING_S:
            self.warning = f"{self.path.name} is cut off: {end:.1f} s of {self.duration:.1f} s could be read"


def upright(frame: Any, pixel_ratio: Fraction | None) -> np.ndarray:
    """The picture of a PyAV frame as a player shows it: square pixels, turned as the file asks. C-contiguous."""
    import numpy as np

    width = round(frame.width * pixel_ratio) if pixel_ratio else frame.width
    image = frame.to_ndarray(format="rgb24", width=width, height=frame.height)
    quarter_turns = round(frame.rotation / 90) % 4  # counter-clockwise, as np.rot90 counts
    return np.ascontiguousarray(np.rot90(image, quarter_turns))


def _shown_s(frame: Any, stream: Any) -> float:
    """Seconds for which a frame is shown."""
    if frame.duration:
        return float(frame.duration * frame.time_base)
    return float(1 / stream.average_rate) if stream.average_rate else 0.0


def reason(error: Exception) -> str:
    """Why FFmpeg or the system refused, in its own words."""
    return (getattr(error, "strerror", None) or str(error)).strip()
