"""A screen where there is none."""

import pytest

from app.capture.virtual_screen import some_screen


def test_a_virtual_screen_can_be_large_and_composed(virtual_screen, monkeypatch):
    display = pytest.importorskip("Xlib.display")
    monkeypatch.delenv("DISPLAY")
    with some_screen((1920, 1080), compositor=True):
        screen = display.Display()
        assert (screen.screen().width_in_pixels, screen.screen().height_in_pixels) == (1920, 1080)
        assert screen.get_selection_owner(screen.intern_atom("_NET_WM_CM_S0"))
        screen.close()
