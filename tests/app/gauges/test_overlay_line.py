"""The gauges in one line below the captions."""

from __future__ import annotations

from app.gauges.gpu_probe import GpuReading
from app.gauges.meters import Meters
from app.gauges.overlay_line import overlay_line
from core.messages import Drop, Line, Ready, Stats


def test_what_is_not_known_is_left_out() -> None:
    assert overlay_line(Meters()) == ("0 dropped",)


def test_age_time_against_its_budget_rate_losses_and_memory() -> None:
    meters = Meters(frames_per_s=8.0, window_bytes=160_000_000)
    meters.feed(Ready("small", "cpu", "float32", 9, 1.0))
    meters.feed(Line(0, 0.0, 1.0, "Goal", 10.0, 10.42))
    meters.feed(Stats(0, 0.25, 0.1, 0, 0, 0, 0.1, 8, 900, 4_200_000, 74.0, 640_000_000, 7))
    meters.feed(Drop("behind", 3, 1.0))
    assert overlay_line(meters) == ("0.42 s old", "0.25 s of 1.00 s", "8.0 fps", "3 dropped", "800 MB memory")


def test_with_a_gpu_the_memory_is_that_of_the_gpu() -> None:
    meters = Meters(window_bytes=160_000_000)
    meters.feed(Ready("large", "cuda:0", "bfloat16", 9, 1.0))
    meters.feed(Stats(0, 0.25, 0.1, 0, 0, 0, 0.1, 8, 900, 4_200_000, 74.0, 640_000_000, 7_000_000_000))
    assert overlay_line(meters)[-1] == "7.0 GB memory"
    meters.gpu = GpuReading(0.4, 18_200_000_000, None, None)
    assert overlay_line(meters)[-1] == "18 GB memory"
