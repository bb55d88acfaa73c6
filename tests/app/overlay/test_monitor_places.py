"""Where the captions lie on monitors that come, go and are arranged anew."""

from __future__ import annotations

from app.overlay.monitor_places import Monitor, MonitorPlaces
from app.overlay.place import default_band

LAPTOP = Monitor("eDP-1 1920x1080", (0, 0, 1920, 1050))
LEFT_OF_IT = Monitor("Dell U27 123 2560x1440", (-2560, -300, 2560, 1440))
RIGHT_OF_IT = Monitor("Dell U27 123 2560x1440", (1920, 0, 2560, 1440))


def test_each_monitor_has_a_place_of_its_own() -> None:
    places = MonitorPlaces()
    assert places.rect([LAPTOP, LEFT_OF_IT]) == default_band(LAPTOP.area)
    places.put((100, 900, 800, 120), [LAPTOP, LEFT_OF_IT])
    places.put((-2000, 500, 900, 140), [LAPTOP, LEFT_OF_IT])
    assert places.rect([LAPTOP, LEFT_OF_IT]) == (-2000, 500, 900, 140)
    assert places.rect([LAPTOP]) == (100, 900, 800, 120)  # unplugged
    assert places.rect([LAPTOP, LEFT_OF_IT]) == (-2000, 500, 900, 140)  # and there again


def test_another_arrangement_moves_none() -> None:
    places = MonitorPlaces()
    places.put((-2000, 500, 900, 140), [LAPTOP, LEFT_OF_IT])
    assert places.rect([LAPTOP, RIGHT_OF_IT]) == (2480, 800, 900, 140)


def test_what_is_written_is_what_is_read() -> None:
    places = MonitorPlaces()
    places.put((-2000, 500, 900, 140), [LAPTOP, LEFT_OF_IT])
    again = MonitorPlaces(places.written(), places.last)
    assert again.rect([LAPTOP, LEFT_OF_IT]) == (-2000, 500, 900, 140)


def test_more_height_grows_upwards_and_all_of_it_stays_on_the_monitor() -> None:
    places = MonitorPlaces()
    places.put((100, 900, 800, 120), [LAPTOP])
    assert places.visible([LAPTOP], 60) == (100, 840, 800, 180)
    small = Monitor("eDP-1 1920x1080", (0, 0, 640, 480))
    x, y, width, height = places.visible([small])
    assert (x >= 0, y >= 0, x + width <= 640, y + height <= 480) == (True,) * 4
