"""Real videos, made with PyAV: a clock that can be read from the picture, and a voice that can be heard; and a server
that answers as a chat endpoint does."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from tests.chat_server import ChatServer, chat_server
from tests.core.data.speech import speech, times

WIDTH = 96
HEIGHT = 64
RATE = 16000
LEVELS = 12
"""Steps of brightness that tell the frame's number modulo this."""

Spoken = list[tuple[float, float]]


def write_video(
    path: Path,
    seconds: float,
    fps: int = 8,
    spoken: Spoken | None = None,
    gop: int = 40,
    codec: str = "mpeg4",
    sound: str = "aac",
) -> Path:
    """A video whose frame k has the brightness 20 + 18 * (k mod 12).

    spoken: (start, end) of a tone in a quiet noise; None: no sound track at all.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with av.open(str(path), "w") as container:
        video = container.add_stream(codec, rate=fps)
        video.width = WIDTH
        video.height = HEIGHT
        video.pix_fmt = "yuv420p"
        video.gop_size = gop
        audio = container.add_stream(sound, rate=RATE, layout="mono") if spoken is not None else None
        for number in range(round(seconds * fps)):
            image = np.full((HEIGHT, WIDTH, 3), 20 + 18 * (number % LEVELS), np.uint8)
            frame = av.VideoFrame.from_ndarray(image, format="rgb24")
            frame.pts = number
            frame.time_base = Fraction(1, fps)
            container.mux(video.encode(frame))
        container.mux(video.encode())
        if audio is not None:
            _write_sound(container, audio, seconds, spoken or [])
    return path


def _write_sound(
    container: av.container.OutputContainer, audio: av.AudioStream, seconds: float, spoken: Spoken
) -> None:
    times = np.arange(round(seconds * RATE)) / RATE
    sound = np.random.default_rng(0).normal(0, 60, times.size)
    for start, end in spoken:
        inside = slice(round(start * RATE), round(end * RATE))
        sound[inside] += 6000 * np.sin(2 * np.pi * 440 * times[inside])
    samples = sound.astype(np.int16)
    for at in range(0, samples.size, 1024):
        frame = av.AudioFrame.from_ndarray(samples[None, at : at + 1024], format="s16", layout="mono")
        frame.sample_rate = RATE
        frame.pts = at
        frame.time_base = Fraction(1, RATE)
        container.mux(audio.encode(frame))
    container.mux(audio.encode())


@pytest.fixture
def make_video(tmp_path: Path) -> Callable[..., Path]:
    """Writes a video below the test's folder: `make_video("game.mp4", seconds=10, ...)`."""
    return lambda name, **how: write_video(tmp_path / name, **how)


@pytest.fixture(scope="session")
def spoken_video(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """130 s in which `speech(130)` is said; to be copied."""
    return write_video(tmp_path_factory.mktemp("spoken") / "game.mp4", seconds=130, spoken=times(speech(130)))


@pytest.fixture
def server() -> Iterator[ChatServer]:
    with chat_server() as running:
        yield running
