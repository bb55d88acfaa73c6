"""Screens and windows that a portal shares: real D-Bus, real PipeWire, real GStreamer, and a portal of our own."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import pytest

from app.capture.shared_screen import portal_checks
from app.capture.source import CaptureOptions, Source, SourceNotice
from app.capture.spec import open_source
from app.ignore_list import IgnoreList
from core.errors import SourceError, SourceRefused
from core.types import Frame
from tests.shared_desktop import SharedDesktop, shared_desktop
from tests.waiting import PATIENCE_S

pytestmark = pytest.mark.real
NOBODY = IgnoreList((), (), ())
OPTIONS = CaptureOptions(fps=2, preview_fps=10, ignored=lambda: NOBODY)


@pytest.fixture
def desktop(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SharedDesktop]:
    with shared_desktop(tmp_path) as running:
        for name, value in running.environment.items():
            monkeypatch.setenv(name, value)
        yield running


def next_of(source: Source, kind: type[Frame] | type[SourceNotice], title: str = "") -> Frame | SourceNotice:
    end = time.monotonic() + PATIENCE_S
    while time.monotonic() < end:
        taken = source.read()
        assert taken is not None
        if isinstance(taken, kind) and (not title or getattr(taken, "title", "") == title):
            return taken
    raise AssertionError(f"no {kind.__name__} {title}")


@contextmanager
def opened(spec: str, options: CaptureOptions = OPTIONS) -> Iterator[Source]:
    source = open_source(spec, options)
    try:
        source.open()
        yield source
    finally:
        source.close()


def is_red(pixels: np.ndarray) -> bool:
    return bool((np.abs(pixels.astype(int) - (255, 0, 0)) <= 4).all())


def test_a_screen_comes_through_the_portal_and_its_permission_is_remembered(desktop: SharedDesktop) -> None:
    for expected in ({}, {"restore_token": "token 1"}):
        with opened("screen") as source:
            frame = next_of(source, Frame)
        assert frame.image.shape == (360, 640, 3)
        assert is_red(frame.image)
        assert time.monotonic() - frame.captured_at < PATIENCE_S
        asked = desktop.portal.heard("SelectSources")
        assert asked == {"types": 1, "multiple": False, "cursor_mode": 1, "persist_mode": 2, **expected}


def test_windows_and_screens_are_remembered_apart(desktop: SharedDesktop) -> None:
    for spec, kind in (("screen", 1), ("window:Game", 2), ("window", 2)):
        with opened(spec):
            asked = desktop.portal.heard("SelectSources")
        assert asked["types"] == kind
        assert "restore_token" not in asked


def test_who_ends_sharing_at_the_desktop_is_asked_again_and_may_say_no(desktop: SharedDesktop) -> None:
    with opened("screen") as source:
        next_of(source, Frame)
        desktop.portal.heard("SelectSources")
        desktop.portal.do("end")
        told = next_of(source, SourceNotice, "Sharing was ended")
        assert told.lost
        assert "choose again" in told.message
        next_of(source, SourceNotice, "The source is back")
        assert "restore_token" not in desktop.portal.heard("SelectSources")
        desktop.portal.do("refuse")
        desktop.portal.do("end")
        with pytest.raises(SourceRefused, match="nothing was chosen"):
            next_of(source, SourceNotice, "The source is back")


def test_saying_no_at_first_is_told_in_one_line(desktop: SharedDesktop) -> None:
    desktop.portal.do("refuse")
    refused = "window:Game: nothing was chosen in the desktop's dialog; start again"
    with pytest.raises(SourceRefused, match=refused), opened("window:Game"):
        pass


def test_a_portal_that_dies_is_waited_for(desktop: SharedDesktop) -> None:
    with opened("screen") as source:
        next_of(source, Frame)
        desktop.end_portal()
        told = next_of(source, SourceNotice, "The source was lost")
        assert told.lost
        assert "screen: it has ended; trying until it is back" in told.message
        desktop.start_portal()
        next_of(source, SourceNotice, "The source is back")
        assert desktop.portal.heard("SelectSources")["restore_token"] == "token 1"


def test_pipewire_that_dies_is_told(desktop: SharedDesktop) -> None:
    with opened("screen") as source:
        next_of(source, Frame)
        desktop.sound_and_pictures.kill()
        assert next_of(source, SourceNotice, "The source was lost").lost
        source.interrupt()
        assert source.read() is None


def test_a_region_is_cut_out_and_our_own_windows_are_filled_in(desktop: SharedDesktop) -> None:
    own: list[tuple[int, int, int, int]] = []
    options = CaptureOptions(fps=2, preview_fps=10, own_windows=lambda: own, ignored=lambda: NOBODY)
    with opened("region:110,60,80,40", options) as source:
        assert next_of(source, Frame).image.shape == (80, 160, 3)  # the screen has two pixels for each of the desktop's
        own.append((100, 50, 320, 180))
        assert not is_red(next_of(source, Frame).image)  # nothing is left to fill it in with
    with opened("region:2000,60,80,40", options) as outside, pytest.raises(SourceRefused, match="outside the shared"):
        outside.read()


def test_it_says_that_private_windows_are_not_seen(desktop: SharedDesktop) -> None:
    with opened("screen", CaptureOptions(fps=2, preview_fps=10)) as source:
        told = source.read()
        assert isinstance(told, SourceNotice)
        assert "ignore list does not guard" in told.message
        assert isinstance(source.read(), Frame)


def test_the_doctor_knows_it(desktop: SharedDesktop) -> None:
    (row,) = portal_checks("Screen capture", "screen")
    assert (row.state, row.why) == (
        "ok",
        "through the desktop's ScreenCast portal (version 4), which asks what to share",
    )


def test_without_a_portal_one_command_mends_it(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-of-a-test")
    monkeypatch.setenv("DBUS_SESSION_BUS_ADDRESS", f"unix:path={tmp_path}/none")
    monkeypatch.setenv("XDG_CURRENT_DESKTOP", "ubuntu:GNOME")
    (row,) = portal_checks("Screen capture", "screen")
    assert row.state == "missing"
    assert row.fix.startswith("apt install gstreamer1.0-tools")
    assert row.fix.endswith("xdg-desktop-portal-gnome")
    with pytest.raises(SourceError, match="session bus"), opened("screen"):
        pass
