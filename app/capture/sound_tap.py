"""The sound of a stream or a film from the network, decoded beside its pictures; the next one takes it along."""

from __future__ import annotations

import threading
from collections import deque
from typing import TYPE_CHECKING, Any

from core.types import Sound

if TYPE_CHECKING:
    import numpy as np

SAMPLE_RATE = 48_000
CHANNELS = 2
MOST_BLOCKS = 1024
"""That are kept while no picture comes: 20 s of AAC. Older ones go."""


class SoundTap:
    """Takes packets in one thread, gives sound in any."""

    def __init__(self, track: Any) -> None:
        """track: of PyAV."""
        import av

        self.track = track
        self._resampler = av.AudioResampler(format="s16", layout="stereo", rate=SAMPLE_RATE)
        self._blocks: deque[tuple[float, np.ndarray]] = deque(maxlen=MOST_BLOCKS)
        self._lock = threading.Lock()

    def take(self, packet: Any) -> None:
        """Decode a packet of the track. What cannot be decoded is not heard."""
        import av
        import numpy as np

        try:
            frames = [made for frame in packet.decode() for made in self._resampler.resample(frame)]
        except (av.error.FFmpegError, ValueError):
            return
        found = [(made.time, np.ascontiguousarray(made.to_ndarray().reshape(-1, CHANNELS))) for made in frames]
        with self._lock:
            self._blocks.extend((at, samples) for at, samples in found if at is not None)

    def until(self, picture_s: float) -> Sound:
        """What has come since the last call. picture_s: when the picture is shown, on the same clock."""
        with self._lock:
            sound = Sound(picture_s, tuple(self._blocks))
            self._blocks.clear()
        return sound
