"""A film with sound whose moments are known, and what is heard in a recorded video."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import av
import numpy as np

RATE = 44_100
TONE_HZ = 1000
LOUD = 0.1


def write_film(path: Path, seconds: float, tones: list[tuple[float, float]], fps: int = 10) -> Path:
    """Black pictures that are white while there is a tone, [start, end) each."""
    with av.open(str(path), "w") as container:
        picture = container.add_stream("libx264", rate=fps)
        picture.width = 160
        picture.height = 90
        picture.pix_fmt = "yuv420p"
        sound = container.add_stream("aac", rate=RATE, layout="stereo")
        for number in range(round(seconds * fps)):
            is_white = any(start <= number / fps < end for start, end in tones)
            image = np.full((90, 160, 3), 235 if is_white else 16, np.uint8)
            container.mux(picture.encode(av.VideoFrame.from_ndarray(image, "rgb24")))
        times = np.arange(round(seconds * RATE)) / RATE
        audible = sum(((start <= times) & (times < end) for start, end in tones), np.zeros(len(times), bool))
        wave = (12_000 * np.sin(2 * np.pi * TONE_HZ * times) * audible).astype(np.int16)
        for first in range(0, len(wave), 1024):
            block = np.repeat(wave[first : first + 1024], 2)[None]
            frame = av.AudioFrame.from_ndarray(block, format="s16", layout="stereo")
            frame.sample_rate = RATE
            frame.pts = first
            frame.time_base = Fraction(1, RATE)
            container.mux(sound.encode(frame))
        container.mux(picture.encode(None))
        container.mux(sound.encode(None))
    return path


def titles(path: Path) -> list[str]:
    with av.open(str(path)) as container:
        return [stream.metadata.get("title", "") for stream in container.streams.audio]


def heard(path: Path, track: int, quiet_s: float = 0.3) -> list[tuple[float, float]]:
    """[start, end] of what is heard on a track, with what is quieter for less than `quiet_s` in it."""
    times: list[np.ndarray] = []
    with av.open(str(path)) as container:
        for frame in container.decode(audio=track):
            assert frame.time is not None
            wave = frame.to_ndarray()
            level = np.abs(wave.reshape(-1, len(frame.layout.channels)) if not frame.format.is_planar else wave.T)
            loud = np.flatnonzero(level.max(axis=1) > LOUD * (1 if wave.dtype.kind == "f" else 32_768))
            times.append(frame.time + loud / frame.sample_rate)
    loud_at = np.concatenate(times) if times else np.zeros(0)
    if not len(loud_at):
        return []
    cuts = np.flatnonzero(np.diff(loud_at) > quiet_s)
    starts = [loud_at[0], *loud_at[cuts + 1]]
    ends = [*loud_at[cuts], loud_at[-1]]
    return [(float(start), float(end)) for start, end in zip(starts, ends, strict=True)]
