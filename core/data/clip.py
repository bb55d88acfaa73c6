"""The pictures of a piece of a video: seek there, decode to its end, no further. Needs PyAV."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from core.data.persistent import read_on
from core.errors import SourceError
from core.video.av_errors import reason
from core.video.picture import upright

EARLY_S = 1e-3
"""A picture this much before its sample time still serves it: container clocks round to milliseconds."""
STEP_BACK_S = 15.0
"""How much earlier to seek in a container whose seek went past the place asked for."""

Picture = tuple[float, float, Callable[[], np.ndarray]]
"""Seconds of the video, seconds for which it is shown, and what makes the array."""


def clip_frames(path: Path, start: float, end: float, fps: float = 2.0) -> list[np.ndarray]:
    """uint8 RGB (height, width, 3) at start + k / fps for every k with start + k / fps < end.

    Each is the first picture at or after its time, as in the published reader; where the video has none before the
    next time (its rate is low), the one before holds, as in a player. Raises SourceError, naming the file, when it is
    missing, cannot be decoded, or ends before the last of these times.
    """
    return list(read_clip(path, start, end, fps))


def read_clip(path: Path, start: float, end: float, fps: float = 2.0) -> Iterator[np.ndarray]:
    """The same one after another, for pieces too long to be held in memory; it raises where it comes to that."""
    wanted = [start + k / fps for k in range(max(1, math.ceil((end - start) * fps - 1e-6)))]
    found = 0
    before: Callable[[], np.ndarray] | None = None
    shown_to = 0.0
    for seconds, shown_s, image in _pictures(path, start, wanted[-1] + 1 / fps, 1 / fps):
        while found < len(wanted) and wanted[found] <= seconds + EARLY_S:
            passed = seconds >= wanted[found] + 1 / fps - EARLY_S
            found += 1
            yield (before if passed and before else image)()
        if found == len(wanted):
            return
        before = image
        shown_to = seconds + shown_s
    for time in wanted[found:]:
        if before is None or time >= shown_to:
            raise SourceError("Video too short", f"{path} has no picture at {max(time, shown_to):.1f} s")
        yield before()


def _pictures(path: Path, start: float, last: float, late_s: float) -> Iterator[Picture]:
    """From the last key picture at or before `start` to the first picture after `last`."""
    import av

    if not path.is_file():
        raise SourceError("No such video", f"{path} does not exist" if not path.exists() else f"{path} is no file")
    if path.stat().st_size == 0:
        raise SourceError("Not a video", f"{path} is empty (0 bytes)")
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            if not container.streams.video:
                raise SourceError("Not a video", f"{path} has no picture track")
            container.streams.video[0].thread_type = "AUTO"
            yield from _from(container, start, last, late_s)
    except (av.error.FFmpegError, OSError) as error:
        raise SourceError("Damaged video", f"{path} cannot be decoded ({reason(error)})") from error


def _from(container: Any, start: float, last: float, late_s: float) -> Iterator[Picture]:
    pictures = _decoded(container, start, last)
    first = next(pictures, None)
    if first is None or (first[0] > start + late_s and start > 0):
        pictures = _decoded(container, max(0.0, start - STEP_BACK_S), last)
        first = next(pictures, None)
    if first is not None:
        yield first
        yield from pictures


def _decoded(container: Any, start: float, last: float) -> Iterator[Picture]:
    import av

    stream = container.streams.video[0]
    origin = (container.start_time or 0) / av.time_base
    ordinary_s = float(1 / stream.average_rate) if stream.average_rate else 0.0
    container.seek(int((start + origin) * av.time_base), backward=True)
    for frame in read_on(lambda: container.decode(stream)):
        if frame.time is None:
            continue
        shown_s = float(frame.duration * frame.time_base) if frame.duration else ordinary_s
        yield frame.time - origin, shown_s, partial(upright, frame, stream.sample_aspect_ratio)
        if frame.time - origin > last:
            return
