"""The gauges follow a stream: by its messages, and by what is read once a second."""

from __future__ import annotations

import os

import psutil
import pytest

from app.bridge.mailbox import FrameCounts
from app.gauges.feed import GaugeFeed
from app.gauges.strip import GaugeStrip
from core.messages import Ready, Stats

STATS = Stats(0, 0.2, 0.1, 0, 0, 0, 0.1, 8, 900, 4_200_000, 74.0, 640_000_000, 7)


@pytest.fixture
def strip(qapp, qtbot) -> GaugeStrip:
    made = GaugeStrip()
    qtbot.addWidget(made)
    return made


def test_messages_and_readings_are_shown_until_the_stream_ends(strip: GaugeStrip, qtbot) -> None:
    feed = GaugeFeed(strip)
    frames = iter(range(10, 1000))
    feed.start(lambda: FrameCounts(300, next(frames), 280, 3))
    feed.handle(Ready("small", "cpu", "float32", 9, 1.0))
    feed.handle(STATS)
    assert "KV cache: 4.2 MB" in strip.accessibleDescription()
    qtbot.waitUntil(lambda: strip.meters.frames_in == 10)
    resident = psutil.Process(os.getpid()).memory_info().rss
    assert strip.meters.window_bytes == pytest.approx(resident, rel=0.1)
    assert strip.meters.captured_per_s == pytest.approx(300, rel=0.2)
    assert strip.meters.frames_per_s == pytest.approx(10, rel=0.2)
    assert list(strip.meters.frame_rates) == [strip.meters.frames_per_s]
    assert (strip.meters.frames_skipped, strip.meters.frames_missed) == (280, 3)
    feed.stop()
    assert strip.meters.frames_in == 11
    assert strip.meters.frames_per_s > 5  # no rate of the moment between the last reading and the end
    qtbot.wait(1200)
    assert strip.meters.frames_in == 11


def test_a_new_stream_starts_from_nothing(strip: GaugeStrip) -> None:
    feed = GaugeFeed(strip)
    feed.start(lambda: FrameCounts(1, 1))
    feed.handle(STATS)
    feed.stop()
    feed.start(lambda: FrameCounts(2, 2))
    assert strip.meters.kv_bytes is None
    feed.stop()


def test_a_gpu_that_the_driver_does_not_know_is_no_harm(strip: GaugeStrip) -> None:
    feed = GaugeFeed(strip)
    feed.start(lambda: FrameCounts(1, 1))
    feed.handle(Ready("small", "cuda:0", "bfloat16", 9, 1.0, "6bf7a34a-0000-1111-2222-333344445555"))
    feed.handle(STATS)
    feed.stop()
    assert strip.meters.gpu is None
    assert "GPU memory: 7 B, cuda:0" in strip.accessibleDescription()
