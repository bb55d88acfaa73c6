"""Which display windows are opened on. Those that are not there, or hang: tests/faults/test_screens.py."""

from __future__ import annotations

import os
from typing import Any

import pytest

from app.commands.doctor_desktop import captions
from app.display import prefer_xwayland


@pytest.fixture
def wayland(virtual_screen: Any, monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """A Wayland session whose Xwayland is the virtual screen."""
    monkeypatch.setenv("QT_QPA_PLATFORM", "put back at the end")
    monkeypatch.delenv("QT_QPA_PLATFORM")
    monkeypatch.setenv("DISPLAY", virtual_screen.display)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-of-a-test")
    return monkeypatch


def test_on_wayland_captions_go_through_xwayland(wayland: pytest.MonkeyPatch) -> None:
    prefer_xwayland()
    assert os.environ["QT_QPA_PLATFORM"] == "xcb"
    assert [row.state for row in captions()] == ["ok"]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # python-xlib's sockets of a failure
@pytest.mark.parametrize("name", ["", ":987"])
def test_without_it_they_are_a_window_like_any_other(wayland: pytest.MonkeyPatch, name: str) -> None:
    wayland.setenv("DISPLAY", name)
    prefer_xwayland()
    assert "QT_QPA_PLATFORM" not in os.environ


def test_what_somebody_has_chosen_stays(wayland: pytest.MonkeyPatch) -> None:
    wayland.setenv("QT_QPA_PLATFORM", "wayland")
    prefer_xwayland()
    assert os.environ["QT_QPA_PLATFORM"] == "wayland"


def test_on_x11_nothing_is_chosen(wayland: pytest.MonkeyPatch) -> None:
    wayland.delenv("WAYLAND_DISPLAY")
    prefer_xwayland()
    assert captions() == []
    assert "QT_QPA_PLATFORM" not in os.environ


def test_the_doctor_says_what_captions_are_without_it(wayland: pytest.MonkeyPatch) -> None:
    wayland.delenv("DISPLAY")
    (row,) = captions()
    assert (row.state, row.fix) == ("limited", "apt install xwayland, or show them by --page in OBS")
