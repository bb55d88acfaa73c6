"""Where the overlay lies."""

from __future__ import annotations

import threading

import pytest
from hypothesis import given
from hypothesis import strategies as st

from app.overlay.place import WindowPlace, default_band, device_rect, kept_visible, kept_whole
from app.settings import Rect

LEFT = (0, 0, 1920, 1080)
RIGHT = (1920, 200, 1280, 720)


@pytest.mark.parametrize("screen", [(0, 0, 1280, 720), LEFT, RIGHT, (0, 0, 3840, 2160), (0, 0, 800, 480)])
def test_the_default_is_a_band_at_the_bottom_centre(screen: tuple[int, int, int, int]) -> None:
    x, y, width, height = default_band(screen)
    assert width == round(screen[2] * 0.6)
    assert 110 <= height <= 150
    assert x - screen[0] == pytest.approx((screen[2] - width) / 2, abs=1)
    assert screen[1] + screen[3] * 0.6 < y
    assert y + height < screen[1] + screen[3]


def test_a_rect_on_a_screen_stays() -> None:
    assert kept_visible((2000, 300, 600, 120), [LEFT, RIGHT]) == (2000, 300, 600, 120)


def test_a_rect_on_a_screen_that_is_gone_comes_to_the_first() -> None:
    x, y, width, height = kept_visible((2000, 1300, 600, 120), [LEFT])
    assert (width, height) == (600, 120)
    assert x + width <= 1920
    assert y + height <= 1080


rects = st.tuples(st.integers(-9000, 9000), st.integers(-9000, 9000), st.integers(0, 20_000), st.integers(0, 20_000))


@given(rects)
def test_always_wholly_on_one_screen_and_never_as_high(rect: tuple[int, int, int, int]) -> None:
    x, y, width, height = kept_visible(rect, [LEFT, RIGHT])
    inside = [
        sx <= x and sy <= y and x + width <= sx + sw and y + height <= sy + sh for sx, sy, sw, sh in (LEFT, RIGHT)
    ]
    assert any(inside)
    assert height <= 540


def test_device_pixels_on_a_scaled_screen() -> None:
    assert device_rect((100, 50, 300, 40), (0, 0), 1.0) == (100, 50, 300, 40)
    assert device_rect((100, 50, 300, 40), (0, 0), 2.0) == (200, 100, 600, 80)
    assert device_rect((2020, 250, 100, 40), (1920, 200), 1.5) == (2070, 275, 150, 60)
    assert device_rect((1, 1, 1, 1), (0, 0), 1.25) == (1, 1, 2, 2)  # rounded outwards


def test_the_place_is_read_whole_from_any_thread() -> None:
    place = WindowPlace()
    assert place.rects() == []
    torn: list[object] = []
    done = threading.Event()

    def read() -> None:
        while not done.is_set():
            for rect in place.rects():
                if len(set(rect)) != 1:
                    torn.append(rect)

    reader = threading.Thread(target=read)
    reader.start()
    for value in range(5000):
        place.put((value, value, value, value))
    done.set()
    reader.join()
    place.put(None)
    assert torn == []
    assert place.rects() == []


@pytest.mark.parametrize(
    ("rect", "kept"),
    [
        ((100, 100, 800, 500), (100, 100, 800, 500)),
        ((700, 400, 800, 500), (480, 220, 800, 500)),  # over the right and the lower edge
        ((-300, -50, 800, 500), (0, 0, 800, 500)),
        ((0, 0, 2000, 1200), (0, 0, 1280, 720)),  # larger than the screen
        ((1500, 100, 800, 500), (1500, 100, 800, 500)),  # on the second screen
        ((1200, 100, 700, 500), (1280, 100, 700, 500)),  # over both: the one it covers most
        ((9000, 9000, 800, 500), (480, 220, 800, 500)),  # on one that is gone
        ((100, 100, 100, 100), (100, 100, 480, 440)),
    ],
)
def test_a_window_lies_wholly_on_one_screen(rect: Rect, kept: Rect) -> None:
    screens = [(0, 0, 1280, 720), (1280, 0, 1920, 1080)]
    assert kept_whole(rect, screens, (480, 440)) == kept


def test_a_window_too_large_for_every_screen_can_be_taken_hold_of() -> None:
    assert kept_whole((50, 60, 900, 600), [(0, 0, 320, 240)], (480, 440)) == (0, 0, 480, 440)
