"""A video file as a source, at its own pace and as fast as it goes."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from app.capture.source import CaptureOptions
from app.capture.spec import open_source
from tests.app.capture.reading import all_frames
from tests.quiet_clock import quiet_s


def test_a_file_at_pace_max_gives_the_sample_times(video: Path) -> None:
    source = open_source(str(video), CaptureOptions(fps=5, pace="max"))
    begun = quiet_s()
    frames = all_frames(source)
    assert [frame.media_time for frame in frames] == pytest.approx([i / 5 for i in range(10)])
    assert quiet_s() - begun < 1.0
    assert source.warning == ""
    assert not source.live


def test_a_file_live_takes_its_time_from_when_it_is_let_go(video: Path) -> None:
    source = open_source(str(video), CaptureOptions(fps=2, preview_fps=10))
    source.open()
    assert source.read() is not None
    time.sleep(0.3)  # the model loads
    begun = time.monotonic()
    while (frame := source.read()) is not None:
        assert time.monotonic() - begun >= frame.media_time - 0.02
    assert time.monotonic() - begun == pytest.approx(1.9, abs=0.3)
    source.close()
