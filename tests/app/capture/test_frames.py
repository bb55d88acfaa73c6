"""A folder of pictures as a source."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np

from app.capture.source import CaptureOptions
from app.capture.spec import open_source
from tests.app.capture.reading import all_frames
from tests.quiet_clock import quiet_s


def test_interrupt_ends_a_wait_at_once(pictures: tuple[Path, np.ndarray]) -> None:
    source = open_source(f"frames:{pictures[0]}", CaptureOptions(fps=0.1))
    source.open()
    source.read()
    threading.Timer(0.1, source.interrupt).start()
    begun = quiet_s()
    assert source.read() is None
    assert quiet_s() - begun < 1.0
    assert source.read() is None
    source.close()


def test_a_folder_is_lossless(pictures: tuple[Path, np.ndarray]) -> None:
    folder, images = pictures
    frames = all_frames(open_source(f"frames:{folder}", CaptureOptions(fps=2, pace="max")))
    assert [frame.media_time for frame in frames] == [0, 0.5, 1.0, 1.5, 2.0, 2.5]
    assert all(np.array_equal(frame.image, image) for frame, image in zip(frames, images, strict=True))
