"""A video file as a source, at its own pace and as fast as it goes."""

from __future__ import annotations

import signal
import threading
import time
from pathlib import Path

import psutil
import pytest

from app.capture.source import CaptureOptions, Source
from app.capture.spec import open_source
from tests.app.capture.reading import all_frames
from tests.quiet_clock import lost_s, quiet_s


def test_a_file_at_pace_max_gives_the_sample_times(video: Path) -> None:
    source = open_source(str(video), CaptureOptions(fps=5, pace="max"))
    begun = quiet_s()
    frames = all_frames(source)
    assert [frame.media_time for frame in frames] == pytest.approx([i / 5 for i in range(10)])
    assert quiet_s() - begun < 2.0
    assert source.warning == ""
    assert not source.live


def test_a_file_live_takes_its_time_from_when_it_is_let_go(video: Path) -> None:
    source = open_source(str(video), CaptureOptions(fps=2, preview_fps=10))
    source.open()
    assert source.read() is not None
    time.sleep(0.3)  # the model loads
    begun = time.monotonic()
    before = lost_s()
    while (frame := source.read()) is not None:
        assert time.monotonic() - begun >= frame.media_time - 0.02
    assert time.monotonic() - begun == pytest.approx(1.9, abs=0.3 + lost_s() - before)
    source.close()


def started(video: Path) -> tuple[Source, psutil.Process]:
    source = open_source(str(video), CaptureOptions(fps=10, pace="max"))
    source.open()
    assert source.read() is not None
    (decoder,) = (process for process in psutil.Process().children() if "spawn_main" in " ".join(process.cmdline()))
    return source, decoder


def test_a_decoder_that_was_stopped_is_interrupted_at_once(video: Path) -> None:
    source, decoder = started(video)
    decoder.send_signal(signal.SIGSTOP)
    threading.Timer(0.3, source.interrupt).start()
    begun = quiet_s()
    while source.read() is not None:
        pass
    source.close()
    assert quiet_s() - begun < 1.0
    assert source.warning == ""


def test_a_decoder_of_a_file_opens_and_writes_nothing_more(video: Path) -> None:
    source, decoder = started(video)
    assert source.read() is not None
    assert decoder.rlimit(psutil.RLIMIT_NOFILE) == (0, 0)
    assert decoder.rlimit(psutil.RLIMIT_FSIZE) == (0, 0)
    assert 0 < decoder.rlimit(psutil.RLIMIT_AS)[1] <= 8 << 30
    while source.read() is not None:
        pass
    source.close()
    assert source.warning == ""
