"""One pass over a video's packets: how long it really is, whether its pictures come evenly, when somebody speaks."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from core.data.persistent import read_on
from core.errors import SourceError
from core.video.av_errors import reason

SOUND_RATE = 8000
BIN_S = 0.1
"""Length of one value of the loudness."""
BIN = round(SOUND_RATE * BIN_S)
SILENT_DB = -80.0
MISSING_S = 0.1
"""Sound that begins so much later than the sound before ended follows a hole."""
LONGEST_S = 12 * 3600.0
"""A hole longer than this is a wrong time stamp."""


@dataclass(frozen=True, slots=True, eq=False)
class Media:
    """What a video file holds, whatever it claims.

    Attributes:
        claimed_s: seconds the container says; None where it does not.
        pictures: how many pictures there are.
        picture_end: seconds at which the last one ends.
        claimed_fps: pictures a second the container says; None where it does not.
        longest_gap: (seconds, length) of the longest time without a new picture.
        sound_end: seconds at which the sound ends; None without a sound track.
        sound_damage: how many packets of the sound cannot be decoded, and why; "" when all can.
        loudness: dB of the speech band, (bins of 0.1 s,); empty without sound.
    """

    claimed_s: float | None
    pictures: int
    picture_end: float
    claimed_fps: float | None
    longest_gap: tuple[float, float]
    sound_end: float | None
    sound_damage: str
    loudness: np.ndarray

    @property
    def fps(self) -> float:
        """Pictures a second as they really come."""
        return self.pictures / self.picture_end if self.picture_end > 0 else 0.0


def examine(path: Path) -> Media:
    """Read a file through once; only its sound is decoded. Raises SourceError where there are no pictures."""
    import av

    if path.stat().st_size == 0:
        raise SourceError("Empty file", "0 bytes")
    try:
        with av.open(str(path), metadata_errors="replace") as container:
            if not container.streams.video:
                raise SourceError("No picture", "no picture track")
            return _examined(container)
    except (av.error.FFmpegError, OSError) as error:
        raise SourceError("Not a video", f"cannot be read as a video ({reason(error)})") from error


@dataclass(slots=True)
class _Sound:
    """Loudness of a sound track while its packets come, in the file's time: what is missing is silent.

    Attributes:
        bins: dB, (n,) each. rest: samples of a bin that is not full yet. last: the sample before them.
        end: seconds at which the last frame ended. damaged: packets that could not be decoded. damage: why the first.
    """

    bins: list[np.ndarray] = field(default_factory=list)
    rest: np.ndarray = field(default_factory=lambda: np.zeros(0, np.float32))
    last: float = 0.0
    end: float = 0.0
    damaged: int = 0
    damage: str = ""

    def begin(self, seconds: float) -> None:
        """What comes next is heard at `seconds`. Small differences are those of a container's own clock."""
        missing = seconds - self.end
        if MISSING_S < missing < LONGEST_S:
            self.add(np.zeros(round(missing * SOUND_RATE), np.float32))

    def add(self, samples: np.ndarray) -> None:
        """samples: float32, (n,), at 8 kHz."""
        whole = np.concatenate([self.rest, _speech_band(samples, self.last)])
        full = whole.size // BIN
        power = (whole[: full * BIN].reshape(full, BIN) ** 2).mean(1)
        self.bins.append(10 * np.log10(power + 1e-12))
        self.rest = whole[full * BIN :]
        self.last = float(samples[-1])

    def loudness(self) -> np.ndarray:
        """(bins,) from the start of the file on."""
        return np.maximum(np.concatenate(self.bins), SILENT_DB) if self.bins else np.zeros(0)


def _speech_band(samples: np.ndarray, before: float) -> np.ndarray:
    """Differences of neighbours: rumble and hum go, voices (300 Hz to 4 kHz) stay."""
    return np.diff(samples, prepend=np.float32(before))


def _examined(container: Any) -> Media:
    import av

    video = container.streams.video[0]
    audio = container.streams.audio[0] if container.streams.audio else None
    origin = (container.start_time or 0) / av.time_base
    times: list[float] = []
    sound = _Sound()
    resampler = av.AudioResampler(format="flt", layout="mono", rate=SOUND_RATE)
    streams = [stream for stream in (video, audio) if stream is not None]
    for packet in read_on(lambda: container.demux(streams)):
        if packet.stream is video:
            if packet.pts is not None:
                times.append(float(packet.pts * packet.time_base) - origin)
        else:
            _decode(packet, resampler, sound, origin)
    if not times:
        raise SourceError("No picture", "the picture track holds no picture")
    loudness = sound.loudness()
    every = float(1 / video.average_rate) if video.average_rate else 0.0
    ordered = np.sort(np.asarray(times))
    steps = np.diff(ordered)
    widest = int(steps.argmax()) if steps.size else 0
    return Media(
        claimed_s=container.duration / av.time_base if container.duration else None,
        pictures=len(times),
        picture_end=float(ordered[-1]) + (float(np.median(steps)) if steps.size else every),
        claimed_fps=float(video.average_rate) if video.average_rate else None,
        longest_gap=(float(ordered[widest]), float(steps[widest]) if steps.size else 0.0),
        sound_end=None if audio is None else loudness.size * BIN_S,
        sound_damage=f"{sound.damaged} packets ({sound.damage})" if sound.damaged else "",
        loudness=loudness,
    )


def _decode(packet: Any, resampler: Any, sound: _Sound, origin: float) -> None:
    """A packet that is damaged is counted and passed over."""
    import av

    try:
        for frame in packet.decode():
            if frame.time is not None:
                sound.begin(frame.time - origin)
                sound.end = frame.time - origin + frame.samples / frame.sample_rate
            for part in resampler.resample(frame):
                sound.add(part.to_ndarray().reshape(-1))
    except (av.error.FFmpegError, ValueError) as error:
        sound.damaged += 1
        sound.damage = sound.damage or reason(error)
