"""A track of sound in a video being written: what is placed in it at its second, and silence elsewhere."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np

ENCODERS = ("libopus", "flac")
"""The first that is there is taken."""
BLOCK_S = 0.02
"""A packet; Opus takes these, and no others of them as well."""
MAX_SILENCE_S = 10.0
"""More than that is not written: the track goes on at its second."""


@dataclass(frozen=True, slots=True)
class SoundFormat:
    """What a track holds.

    Attributes:
        title: for people. channels: 1 or 2.
        sample_rate: of all that is placed, one that Opus knows (8, 12, 16, 24 or 48 kHz).
    """

    title: str
    sample_rate: int
    channels: int


class SoundTrack:
    """One track. All in one thread.

    Attributes:
        reached: the second up to which it is written.
    """

    def __init__(self, container: Any, sound: SoundFormat) -> None:
        """Adds it to a container of PyAV whose header has not been written. Raises OSError, ValueError."""
        import av
        import numpy as np

        self._container = container
        self._format = sound
        self._layout = "mono" if sound.channels == 1 else "stereo"
        self._block = round(sound.sample_rate * BLOCK_S)
        encoder = next(name for name in ENCODERS if name in av.codecs_available)
        self._stream = container.add_stream(encoder, rate=sound.sample_rate, layout=self._layout)
        self._stream.metadata["title"] = sound.title
        self._next = 0  # the sample that is written next
        self._waiting = np.zeros((0, sound.channels), np.int16)  # from there on

    @property
    def reached(self) -> float:
        return self._next / self._format.sample_rate

    def place(self, at: float, samples: np.ndarray) -> None:
        """Sound from the source second `at` on: int16 (samples, channels). What is written already is left out."""
        import numpy as np

        first = round(at * self._format.sample_rate) - self._next
        samples = samples[max(0, -first) :]
        first = max(0, first)
        missing = first + len(samples) - len(self._waiting)
        if missing > 0:
            self._waiting = np.concatenate([self._waiting, np.zeros((missing, self._format.channels), np.int16)])
        span = self._waiting[first : first + len(samples)]
        span[:] = np.clip(span.astype(np.int32) + samples, -32_768, 32_767)

    def cut(self, at: float) -> None:
        """Nothing that was placed is heard from the source second `at` on."""
        self._waiting[max(0, round(at * self._format.sample_rate) - self._next) :] = 0

    def advance(self, until: float) -> None:
        """Writes all before the source second `until`. Raises OSError."""
        end = round(until * self._format.sample_rate)
        if not self._waiting.any() and end - self._next > MAX_SILENCE_S * self._format.sample_rate:
            self._next = end // self._block * self._block
            self._waiting = self._waiting[:0]
        while self._next + self._block <= end:
            self._write_block()

    def finish(self, until: float) -> None:
        """Writes all before `until`, and what the encoder has still got. Raises OSError."""
        self.advance(until)
        self._container.mux(self._stream.encode(None))

    def _write_block(self) -> None:
        import av
        import numpy as np

        block = np.zeros((self._block, self._format.channels), np.int16)
        found = self._waiting[: self._block]
        block[: len(found)] = found
        self._waiting = self._waiting[self._block :]
        frame = av.AudioFrame.from_ndarray(block.reshape(1, -1), format="s16", layout=self._layout)
        frame.sample_rate = self._format.sample_rate
        frame.pts = self._next
        frame.time_base = Fraction(1, self._format.sample_rate)
        self._next += self._block
        self._container.mux(self._stream.encode(frame))
