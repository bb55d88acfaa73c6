"""The demo match as a source: the sample times, and real time."""

from __future__ import annotations

import numpy as np
import pytest

from app.capture.source import CaptureOptions
from app.capture.spec import open_source
from tests.app.capture.reading import all_frames
from tests.quiet_clock import lost_s


def test_the_arena_at_pace_max_draws_the_sample_times() -> None:
    frames = all_frames(open_source("arena:3", CaptureOptions(fps=4, pace="max")), most=6)
    assert [frame.media_time for frame in frames] == [0, 0.25, 0.5, 0.75, 1.0, 1.25]
    assert frames[0].image.shape == (720, 1280, 3)
    assert frames[0].image.flags.c_contiguous
    again = all_frames(open_source("arena:3", CaptureOptions(fps=4, pace="max")), most=6)
    assert np.array_equal(frames[5].image, again[5].image)
    other = all_frames(open_source("arena:4", CaptureOptions(fps=4, pace="max")), most=1)
    assert not np.array_equal(frames[0].image, other[0].image)


def test_the_arena_live_keeps_real_time() -> None:
    source = open_source("arena", CaptureOptions(fps=2, preview_fps=10))
    assert not source.live  # the kick-off waits for the model
    assert source.context
    before = lost_s()
    frames = all_frames(source, most=12)
    passed = frames[-1].captured_at - frames[1].captured_at
    assert passed == pytest.approx(frames[-1].media_time - frames[1].media_time, abs=0.1 + lost_s() - before)
