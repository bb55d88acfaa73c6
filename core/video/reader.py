"""Reading a stored video by media time. Needs PyAV, imported when one is opened."""

from __future__ import annotations

import math
import os
from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path
from typing import TYPE_CHECKING, Any

from core.errors import SourceError
from core.video.animation import animation_frames, is_animated_webp
from core.video.av_errors import is_want_of_resources, reason
from core.video.chunker import ROUNDING_S, FrameSampler
from core.video.film_clock import FilmClock

if TYPE_CHECKING:
    import numpy as np

MISSING_S = 1.0
"""A file that ends this much before the length it claims is cut off."""
GUESSED_FPS = 25.0
"""Of a file that does not say how long its pictures are shown."""
STILL_S = 3.0
"""Seconds for which a single picture is shown."""
STILL_CODECS = ("mjpeg", "png", "bmp", "webp", "gif", "tiff")
NO_VIDEO = ("tty",)
"""What FFmpeg makes pictures of though it is text."""
NO_SEEKING = ("h264", "hevc", "mjpeg", "mpegvideo", "m4v", "gif", "image2")
"""Kinds whose pictures have no place or no stamp of their own: one gets to a later one by decoding all before it."""
PREROLL_S = 12.0
"""In a container without an index one gets to any packet: so much earlier there is a key frame, as a rule."""
MOST_THREADS = 4
"""That decode a film. Each has a stack of 8 MiB and may have a heap of its own (64 MiB of address space with glibc);
a decoder's process has 4 GiB of that: FFmpeg's own choice, one a core and up to 16, took 2.4 GiB for 1080p."""
LARGE_PIXELS = 4096 * 2304
"""Larger pictures are decoded in one thread, since each thread holds some of them."""


class VideoReader:
    """The pictures of a stored video, upright, with square pixels, by presentation time.

    Attributes:
        name: of the file or the address, for people.
        form: what FFmpeg calls its kind of container.
        duration: seconds the video claims to last; None when it does not say.
        warning: after the last picture, why there were no more of them ("" when all is well).
        broke_off: why reading it failed, where not the data were at fault.
    """

    def __init__(self, path: Path) -> None:
        """Opens the file. Raises SourceError when there is none, or no video in it."""
        import av

        if not os.path.isfile(path):  # False for a name that no disk can hold, too
            raise SourceError("No such file", f"{path} {'is no file' if os.path.exists(path) else 'does not exist'}")
        try:
            container = av.open(f"file:{path}", metadata_errors="replace")
        except (av.error.FFmpegError, OSError) as error:
            raise SourceError("Not a video", f"{path} cannot be read as one ({reason(error)})") from error
        self._take(container, str(path), path.name)
        if is_animated_webp(path):
            self._frames = animation_frames(path)
            self._can_seek = False

    @classmethod
    def of(cls, container: Any, name: str, frames: Iterator[Any]) -> VideoReader:
        """Reads the decoded frames of a container of PyAV that is open already. Raises SourceError."""
        reader = cls.__new__(cls)
        reader._take(container, name, name)
        reader._frames = frames
        return reader

    def _take(self, container: Any, place: str, name: str) -> None:
        import av

        self.name = name
        self.form = str(container.format.name)
        self.warning = ""
        self.broke_off = ""
        self._sought = False
        self._place = place
        self._container = container
        try:
            self._stream = picture_track(container, place)
        except SourceError:
            container.close()
            raise
        self._frames = container.decode(self._stream)
        large = self._stream.codec_context.width * self._stream.codec_context.height > LARGE_PIXELS
        self._stream.thread_type = "SLICE" if large else "AUTO"
        self._stream.codec_context.thread_count = min(MOST_THREADS, os.cpu_count() or 1)
        start = (container.start_time or 0) / av.time_base
        self._jumps = _jumps(container)
        self._clock = FilmClock(start, jumps=self._jumps)
        self._start_s = start
        self._can_seek = self.form not in NO_SEEKING and not self.form.endswith("_pipe")  # as that of a single picture
        self._late_s = max(start, 0.0)  # which some kinds count as a part of the duration
        self.duration = container.duration / av.time_base if container.duration else None

    def seek(self, seconds: float) -> bool:
        """Before the first picture: begin with a key frame at or before `seconds`, where the container can do that, so
        that less is decoded. Says whether it did; demuxing begins anew then."""
        import av

        if self._jumps:
            seconds -= PREROLL_S
        unit_s = float(self._stream.time_base or 0)
        if not self._can_seek or seconds <= 0 or not unit_s:
            return False
        try:
            self._container.seek(round((seconds + self._start_s) / unit_s), stream=self._stream)
        except (av.error.FFmpegError, OSError, OverflowError):
            return False
        self._frames = self._container.decode(self._stream)
        self._clock.seek(seconds)
        self._sought = True
        return True

    def at_rate(
        self, fps: float, on_frame: Callable[[], None] = lambda: None, *, begin_s: float = 0.0
    ) -> Iterator[tuple[float, np.ndarray]]:
        """(seconds, uint8 RGB (height, width, 3)) of the frames of `frames_at_rate`; the same picture for a repeat."""
        from core.video.picture import upright

        shown = None
        for seconds, frame in self.frames_at_rate(fps, on_frame, begin_s=begin_s):
            if frame is not shown:
                image = upright(frame, self.pixel_ratio)
                shown = frame
            yield seconds, image

    def frames_at_rate(
        self, fps: float, on_frame: Callable[[], None] = lambda: None, *, begin_s: float = 0.0
    ) -> Iterator[tuple[float, Any]]:
        """(seconds, PyAV frame) at every k / fps: the first frame at or after that time.

        Where the file has no frame between two sample times (its rate is low or varies), the last one is repeated; a
        single picture is shown for `STILL_S`. Damage ends the frames and sets `warning`; a file damaged from its
        first picture on raises SourceError, as does one that ends before `begin_s`, from which second on frames are
        given. `on_frame` is called after each frame that was decoded.
        """
        sampler = FrameSampler(fps)
        following = math.ceil(begin_s * fps - ROUNDING_S)
        before = None  # the last frame that is too early
        shown = None
        end = 0.0
        pictures = 0
        for seconds, shown_s, frame in self._decoded():
            end = seconds + shown_s
            pictures += 1
            on_frame()
            sample = sampler.sample(seconds)
            if sample is None:
                continue
            if sample < following:
                before = frame
                continue
            if before is not None and sample > following:
                shown = before
            before = None
            for earlier in range(following, sample):
                yield earlier / fps, frame if shown is None else shown
            shown = frame
            following = sample + 1
            yield sample / fps, frame
        if pictures == 1 and not self.warning and not self._sought:
            end = max(end, STILL_S)
        if before is not None and following / fps < end - 1e-3:
            shown = before
        while shown is not None and following / fps < end - 1e-3:
            yield following / fps, shown
            following += 1
        if shown is None and begin_s > 0 and not self.warning:
            raise SourceError("Nothing to see there", f"{self._place} ends before {begin_s:g} s")
        self._check_duration(end)

    @property
    def pixel_ratio(self) -> Fraction | None:
        """Width of a pixel by its height; None where that is not told."""
        ratio: Fraction | None = self._stream.sample_aspect_ratio
        return ratio

    def close(self) -> None:
        """Close the file."""
        self._container.close()

    def _decoded(self) -> Iterator[tuple[float, float, Any]]:
        """(seconds from the start of the file, seconds shown, PyAV frame) in order of time."""
        import av

        seen = False
        try:
            for frame in self._frames:
                seen = True
                shown_s = _shown_s(frame, self._stream)
                yield self._clock.at(frame.time, shown_s), shown_s, frame
        except (av.error.FFmpegError, OSError) as error:
            if is_want_of_resources(error):
                raise
            self.broke_off = "" if isinstance(error, av.error.InvalidDataError) else reason(error)
            if not seen:
                raise SourceError(
                    "Damaged video", f"{self._place}: no picture can be read ({reason(error)})"
                ) from error
            self.warning = f"{self.name} is damaged ({reason(error)})"
        else:
            if not seen and not self._sought:
                raise SourceError("Damaged video", f"{self._place} holds no picture that can be read")

    def _check_duration(self, end: float) -> None:
        if self.warning or self.duration is None or self._clock.jumped:
            return
        if end + self._late_s < self.duration - MISSING_S:
            self.warning = f"{self.name} is cut off: {end:.1f} s of {self.duration:.1f} s could be read"


def picture_track(container: Any, name: str) -> Any:
    """The track that is watched: the first one that is no cover. Raises SourceError when there is none."""
    from av.stream import Disposition

    from core.video.picture import check_size

    tracks = list(container.streams.video)
    covers = Disposition.attached_pic | Disposition.timed_thumbnails
    films = [track for track in tracks if not track.disposition & covers and container.format.name not in NO_VIDEO]
    if not films:
        raise SourceError("Not a video", f"{name} has no picture track ({_what_else(container)})")
    film = min(
        films, key=lambda track: (track.frames == 1, _may_be_cover(track), not track.disposition & Disposition.default)
    )
    check_size(film, name)
    return film


def _what_else(container: Any) -> str:
    """What there is where there is nothing to watch."""
    if container.format.name in NO_VIDEO:
        return "only text"
    if container.streams.video:
        return "only a cover"
    return "only sound" if container.streams.audio else "nothing to see"


def _may_be_cover(track: Any) -> bool:
    """A track in the codec of a picture; beside one that is not, it is a cover that is not marked as such."""
    return track.codec_context.name in STILL_CODECS


def _jumps(container: Any) -> bool:
    from av.format import Flags

    return bool(container.format.flags & Flags.ts_discont.value)


def _shown_s(frame: Any, stream: Any) -> float:
    """Seconds for which a frame is shown."""
    if frame.duration and frame.time_base:
        return float(frame.duration * frame.time_base)
    rate = stream.average_rate or stream.guessed_rate
    return float(1 / rate) if rate else 1 / GUESSED_FPS
