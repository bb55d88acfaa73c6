"""How much of a video a plain question is shown, as Qwen's video reader reckons it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from core.data.clip import read_clip
from core.data.media import examine
from core.errors import SourceError
from core.video.av_errors import reason

TOKEN_PIXELS = 28 * 28
LATE_S = 1.0
"""A video that ends at most so much before the time asked for counts as whole, as in the published reader."""
MARGIN = 1.05
"""By how much the largest frame exceeds the smallest at least."""
FEWEST_FRAMES = 4


@dataclass(frozen=True, slots=True)
class FrameBudget:
    """Limits on what is seen.

    Attributes:
        fps: frames a second, as far as max_frames goes; longer pieces have them spread evenly.
        min_tokens, max_tokens: of a frame, in squares of 28 pixels. total_tokens: of all frames, two of which share
            theirs.
    """

    fps: float
    max_frames: int
    min_tokens: int
    max_tokens: int
    total_tokens: int = 24576

    def limited(self, fps: float | None, max_frames: int | None) -> FrameBudget:
        """With other limits where they are given: those of the options."""
        return replace(self, fps=fps or self.fps, max_frames=max_frames or self.max_frames)

    def frames(self, seconds: float) -> int:
        """How many frames of a piece of that length: an even number, at least 4."""
        return max(FEWEST_FRAMES, min(self.max_frames, int(seconds * self.fps)) // 2 * 2)

    def pixels(self, frames: int) -> tuple[int, int]:
        """Fewest and most pixels of a frame."""
        fewest = self.min_tokens * TOKEN_PIXELS
        most = min(self.max_tokens, self.total_tokens * 2 / frames) * TOKEN_PIXELS
        return fewest, max(int(most), int(fewest * MARGIN))


def read_frames(video: Path, start: float, end: float, budget: FrameBudget) -> tuple[list[np.ndarray], float]:
    """Frames spread over [start, end] of a video, both ends included, and how many of them a second.

    Where the video ends a little earlier, its own end holds. Raises SourceError where it ends much earlier, is missing
    or cannot be decoded.
    """
    length, frame_s = _length(video)
    if length < end - LATE_S or length <= start:
        raise SourceError("Video too short", f"{video} ends at {length:.1f} s, before {end:.1f} s")
    last = min(max(end, start + 1.0), length) - frame_s / 2
    count = budget.frames(last - start)
    rate = (count - 1) / (last - start)
    return list(read_clip(video, start, start + (count - 0.5) / rate, rate)), count / (last - start)


def _length(video: Path) -> tuple[float, float]:
    """Seconds of the picture track, and of one picture."""
    import av

    if not video.is_file():
        raise SourceError("No such video", f"{video} does not exist" if not video.exists() else f"{video} is no file")
    try:
        with av.open(str(video), metadata_errors="replace") as container:
            stream = container.streams.video[0] if container.streams.video else None
            if stream is not None and stream.duration and stream.time_base and stream.average_rate:
                return float(stream.duration * stream.time_base), float(1 / stream.average_rate)
    except (av.error.FFmpegError, OSError) as error:
        raise SourceError("Damaged video", f"{video} cannot be decoded ({reason(error)})") from error
    media = examine(video)
    return media.picture_end, 1 / media.fps
