"""A sender whose picture flashes and whose sound claps at the same moments, over UDP, in real time."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from fractions import Fraction

import av
import numpy as np

FPS = 25
RATE = 48_000
EVERY_S = 2
"""Between two claps; the first one comes at that second."""
LASTS_S = 0.2
SIZE = (320, 180)


@contextmanager
def clapping(url: str) -> Iterator[None]:
    """Sends to `url` (MPEG-TS) until the end."""
    ending = threading.Event()
    thread = threading.Thread(target=_send, args=(url, ending), name="sender")
    thread.start()
    try:
        yield
    finally:
        ending.set()
        thread.join()


def _send(url: str, ending: threading.Event) -> None:
    with av.open(url, "w", format="mpegts") as container:
        video = container.add_stream(
            "libx264", rate=FPS, options={"preset": "ultrafast", "tune": "zerolatency", "g": "12"}
        )
        video.width, video.height = SIZE
        video.pix_fmt = "yuv420p"
        sound = container.add_stream("aac", rate=RATE, layout="mono")
        begun = time.monotonic()
        written = 0
        for number in range(60 * FPS):
            at = number / FPS
            if ending.wait(max(0.0, begun + at - time.monotonic())):
                break
            frame = av.VideoFrame.from_ndarray(np.full((SIZE[1], SIZE[0], 3), 235 * _claps(at), np.uint8), "rgb24")
            frame.pts = number
            frame.time_base = Fraction(1, FPS)
            container.mux(video.encode(frame))
            while written / RATE < at + 1 / FPS:
                container.mux(sound.encode(_block(written)))
                written += 1024


def _claps(at: float) -> bool:
    return at >= EVERY_S and at % EVERY_S < LASTS_S


def _block(first: int) -> av.AudioFrame:
    times = (first + np.arange(1024)) / RATE
    loud = (times >= EVERY_S) & (times % EVERY_S < LASTS_S)
    samples = np.where(loud, 12_000 * np.sin(2 * np.pi * 880 * times), 0).astype(np.int16)
    frame = av.AudioFrame.from_ndarray(samples[None], format="s16", layout="mono")
    frame.sample_rate = RATE
    frame.pts = first
    frame.time_base = Fraction(1, RATE)
    return frame
