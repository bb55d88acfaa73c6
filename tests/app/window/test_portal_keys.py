"""Keys by the GlobalShortcuts portal: real D-Bus, and a portal of our own."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

import pytest

from app.commands.doctor_keys import global_keys
from app.remote.keys import parse_combination
from app.window.portal_keys import PortalKeys
from tests.session_bus import session_bus
from tests.shared_desktop import PortalProcess

pytest.importorskip("jeepney")
KEYS = {parse_combination("Ctrl+Alt+X"): "panic", parse_combination("Super+Shift+F9"): "persona hype"}


@pytest.fixture
def bus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[dict[str, str]]:
    with session_bus(tmp_path) as address:
        own = {"DBUS_SESSION_BUS_ADDRESS": address, "WAYLAND_DISPLAY": "wayland-of-a-test"}
        for name, value in own.items():
            monkeypatch.setenv(name, value)
        yield {**os.environ, **own}


@pytest.fixture
def portal(bus: dict[str, str]) -> Iterator[PortalProcess]:
    running = PortalProcess(bus, [])
    yield running
    running.close()


@pytest.fixture
def opened(qapp) -> Iterator[tuple[PortalKeys, list[str], list[str]]]:
    heard: list[str] = []
    troubles: list[str] = []
    keys = PortalKeys(heard.append)
    keys.trouble.connect(troubles.append)
    yield keys, heard, troubles
    keys.close()


def test_the_desktop_is_asked_for_the_keys_and_a_press_is_heard(portal: PortalProcess, opened, qtbot) -> None:
    keys, heard, troubles = opened
    with qtbot.waitSignal(keys.held):
        keys.open(KEYS)
    assert portal.heard("shortcuts") == {"panic": "CTRL+ALT+x", "persona hype": "SHIFT+LOGO+F9"}
    portal.do("press panic")
    portal.do("release panic")
    portal.do("press of another program")
    portal.do("press persona hype")
    qtbot.waitUntil(lambda: heard == ["panic", "persona hype"])
    assert troubles == []


def test_other_keys_take_their_place_and_closing_lets_them_go(portal: PortalProcess, opened, qtbot) -> None:
    keys, heard, _ = opened
    for chosen in (KEYS, {parse_combination("Ctrl+Alt+P"): "pause"}):
        with qtbot.waitSignal(keys.held):
            keys.open(chosen)
    portal.heard("shortcuts")
    assert portal.heard("shortcuts") == {"pause": "CTRL+ALT+p"}
    portal.do("press panic")
    portal.do("press pause")
    qtbot.waitUntil(lambda: heard == ["pause"])


def test_a_no_and_taking_them_back_are_said_with_what_to_do_instead(portal: PortalProcess, opened, qtbot) -> None:
    keys, _, troubles = opened
    portal.do("refuse")
    keys.open(KEYS)
    qtbot.waitUntil(lambda: len(troubles) == 1)
    assert "nothing was chosen" in troubles[0]
    assert "courtside ctl pause" in troubles[0]
    with qtbot.waitSignal(keys.held):
        keys.open(KEYS)
    portal.do("end")
    qtbot.waitUntil(lambda: len(troubles) == 2)
    assert "taken them back" in troubles[1]


def test_without_the_portal_it_is_said(bus: dict[str, str], opened, qtbot) -> None:
    keys, _, troubles = opened
    keys.open(KEYS)
    qtbot.waitUntil(lambda: len(troubles) == 1)
    assert troubles[0].startswith("No global keys: ")
    assert global_keys()[0].state == "limited"
    assert "courtside ctl" in global_keys()[0].fix


def test_the_doctor_knows_the_portal(portal: PortalProcess) -> None:
    row = global_keys()[0]
    assert row.state == "ok"
    assert "portal (version 1)" in row.why
