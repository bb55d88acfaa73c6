"""The gauges on the screen."""

from __future__ import annotations

import pytest

from app.gauges.gpu_probe import GpuReading
from app.gauges.meters import Meters
from app.gauges.strip import GAP, MOST, TILE_HEIGHT, TILE_WIDTH, VERDICT_HEIGHT, GaugeStrip
from core.messages import Degraded, Line, Ready, Stats


@pytest.fixture
def strip(qapp, qtbot) -> GaugeStrip:
    made = GaugeStrip()
    qtbot.addWidget(made)
    made.resize(1100, 80)
    made.show()
    return made


def running(device: str = "cpu") -> Meters:
    meters = Meters(frames_in=240, window_bytes=160_000_000)
    meters.feed(Ready("small", device, "float32", 9, 1.0))
    meters.feed(Line(0, 0.0, 1.0, "Goal", 10.0, 10.42))
    for round_ in range(30):
        compute_s = 0.2 + 0.01 * (round_ % 5)
        meters.feed(
            Stats(round_, compute_s, 0.1, 0, 0, 0, 0.1, 8, 900, 4_200_000, 74.0, 640_000_000, 7, pictures_s=16.0)
        )
    return meters


def figures_of(strip: GaugeStrip) -> dict[str, str]:
    return {tile.title: tile.figure for tile in strip.tiles()}


def test_the_gauges_show_the_figures(strip: GaugeStrip) -> None:
    strip.show_meters(running())
    assert figures_of(strip) == {
        "Age of last line": "0.42 s",
        "Compute": "0.24 s",
        "Tokens/s": "80",
        "Frames": "240",
        "KV cache": "4.2 MB",
        "Memory": "800 MB",
    }
    assert "16 s picture, 74 s words" in strip.accessibleDescription()
    assert "at most 2.24 s" in strip.accessibleDescription()


def test_a_cache_at_its_ceiling_says_so_as_long_as_it_is(strip: GaugeStrip) -> None:
    meters = running()
    meters.feed(Degraded(30, "50% of the pixels"))
    strip.show_meters(meters)
    assert "KV cache: 4.2 MB, reduced to its limit" in strip.accessibleDescription()
    meters.feed(Degraded(31, "everything", recovered=True))
    strip.refresh()
    assert "16 s picture, 74 s words" in strip.accessibleDescription()
    assert "at most 2.24 s" in strip.accessibleDescription()


def test_with_a_gpu_its_memory_is_shown(strip: GaugeStrip) -> None:
    strip.show_meters(running("cuda:0"))
    assert figures_of(strip)["GPU memory"] == "7 B"
    assert "GPU memory: 7 B, cuda:0" in strip.accessibleDescription()


def test_what_the_driver_tells_comes_before_what_pytorch_does(strip: GaugeStrip) -> None:
    meters = running("cuda:0")
    meters.gpu = GpuReading(0.37, 18_200_000_000, 30_000_000_000, 150_000_000_000)
    strip.show_meters(meters)
    assert "GPU memory: 18 GB, 37% busy" in strip.accessibleDescription()
    meters.gpu = GpuReading(None, None, None, None)
    strip.refresh()
    assert "GPU memory: 7 B, cuda:0" in strip.accessibleDescription()


def test_a_narrow_strip_grows_when_a_gpu_is_found(strip: GaugeStrip, qtbot) -> None:
    strip.setMinimumWidth(0)
    strip.resize(TILE_WIDTH * 3 + 2 * GAP, 80)
    qtbot.waitUntil(lambda: 2 * TILE_HEIGHT <= strip.height() < 3 * TILE_HEIGHT)
    strip.show_meters(running("cuda:0"))
    qtbot.waitUntil(lambda: strip.height() >= 3 * TILE_HEIGHT)


def test_it_paints_figures_and_a_curve(strip: GaugeStrip, qtbot) -> None:
    before = strip.grab().toImage()
    strip.show_meters(running())
    assert strip.grab().toImage() != before


@pytest.mark.parametrize(("width", "rows"), [(1100, 1), (700, 2), (440, 2), (130, 6)])
def test_narrow_windows_get_more_rows(strip: GaugeStrip, qtbot, width: int, rows: int) -> None:
    strip.setMinimumWidth(0)
    strip.resize(width, 80)
    qtbot.waitUntil(lambda: rows * TILE_HEIGHT <= strip.height() < (rows + 1) * TILE_HEIGHT)


def test_each_level_shows_more_and_none_shows_nothing(qtbot) -> None:
    strip = GaugeStrip()
    qtbot.addWidget(strip)
    strip.resize(1200, 10)
    meters = Meters()
    meters.feed(Line(0, 0.0, 1.0, "Goal", 10.0, 10.4))
    meters.feed(Stats(0, 0.25, 0.1, 0, 0, 0, 0.1, 8, 1100, 4_200_000, 74.0, 640_000_000, 0))
    strip.show_meters(meters)
    shown = []
    for level in range(MOST + 1):
        strip.set_level(level)
        shown.append((strip.height(), len(strip.tiles())))
        strip.grab()
    assert shown[0] == (0, 0)
    assert shown[1][0] == VERDICT_HEIGHT
    assert [tiles for _, tiles in shown] == [0, 0, 6, 9, 9]
    assert "Keeps up: a round takes 0.25 s of 1.00 s" in strip.accessibleDescription()
    strip.reset()
    assert strip.tiles()[2].remark == "0 words so far"


def test_the_whole_gpu_has_a_tile_where_more_is_shown(strip: GaugeStrip) -> None:
    meters = running("cuda:0")
    meters.gpu = GpuReading(0.37, 18_200_000_000, 30_000_000_000, 150_000_000_000, 0.91)
    strip.show_meters(meters)
    assert "GPU, all programs" not in figures_of(strip)
    strip.set_level(3)
    assert "GPU, all programs: 91%, 30 GB of 150 GB" in strip.accessibleDescription()


def test_all_of_the_gauges_have_their_last_two_minutes_beside_them(strip: GaugeStrip) -> None:
    meters = running()
    meters.frames_per_s = 8.0
    for _ in range(3):
        meters.remember_second()
    strip.show_meters(meters)
    curved = ("Age of last line", "Compute", "To the model, fps", "KV cache", "Memory")
    assert [title for title in curved if strip.curve(title)] == ["Compute"]
    strip.set_level(MOST)
    assert [title for title in curved if strip.curve(title)] == list(curved)
    without = strip.grab().toImage()
    meters.kv_history.clear()
    assert strip.grab().toImage() != without
