"""The look follows the settings and a desktop's portal, live; and nothing moves where that is wanted."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from PySide6.QtGui import QPalette

from app import theme
from app.colours import Look, Role, value
from app.controllers.appearance import Appearance
from app.settings import Settings
from tests.session_bus import session_bus

FOLLOWER = """
import sys
from PySide6.QtCore import QSocketNotifier, QTimer
from PySide6.QtWidgets import QApplication
from app import theme
from app.controllers.appearance import Appearance
from app.settings import Settings

application = QApplication([])
theme.apply(application)
appearance = Appearance(Settings())
def tell():
    print(theme.look().name, "still" if appearance.still else "moving", flush=True)
appearance._desktop.changed.connect(tell)
tell()
reader = QSocketNotifier(0, QSocketNotifier.Type.Read)
reader.activated.connect(application.quit)
application.exec()
"""


@pytest.fixture
def dark_again(qapp) -> Iterator[None]:
    yield
    theme.apply(qapp)


@pytest.mark.parametrize(
    ("chosen", "look"),
    [
        ({"theme": "light"}, Look.LIGHT),
        ({"theme": "dark"}, Look.DARK),
        ({"theme": "light", "contrast": "high"}, Look.LIGHT_CONTRAST),
        ({"theme": "dark", "contrast": "high"}, Look.DARK_CONTRAST),
    ],
)
def test_a_choice_counts_at_once(qapp, dark_again: None, chosen: dict[str, str], look: Look) -> None:
    appearance = Appearance(Settings(theme="light" if look is Look.DARK else "dark"))
    appearance.choose(replace(Settings(), **chosen))
    assert theme.look() is look
    assert qapp.palette().color(QPalette.ColorRole.Window).name() == value(Role.GROUND, look)
    assert value(Role.GROUND, look) in qapp.styleSheet()
    assert theme.colour(Role.TEXT).name() == value(Role.TEXT, look)


def test_motion_is_as_chosen(qapp, qtbot, dark_again: None) -> None:
    appearance = Appearance(Settings(motion="full"))
    assert not appearance.still
    with qtbot.waitSignal(appearance.stilled):
        appearance.choose(Settings(motion="reduced"))
    assert appearance.still


@pytest.fixture
def bus(tmp_path: Path, virtual_screen) -> Iterator[dict[str, str]]:
    """The environment of a session bus of our own, with nothing on it."""
    with session_bus(tmp_path) as address:
        yield {**virtual_screen.environment(), "DBUS_SESSION_BUS_ADDRESS": address, "QT_ACCESSIBILITY": "0"}


def test_it_follows_the_desktop_live(checkout: Path, bus: dict[str, str]) -> None:
    appearance = "org.freedesktop.appearance"
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "cwd": checkout}
    environment = {**bus, "PYTHONPATH": str(checkout)}
    portal_command = [sys.executable, "tests/desktop_portal.py", appearance, "color-scheme", "2"]
    with subprocess.Popen(portal_command, env=environment, **pipes) as portal:
        assert portal.stdout.readline() == "ready\n"
        with subprocess.Popen([sys.executable, "-c", FOLLOWER], env=environment, **pipes) as follower:
            told = iter(follower.stdout.readline, "")
            assert "LIGHT moving\n" in told  # the portal's first answer
            for key, number, expected in (
                ("color-scheme", 1, "DARK moving\n"),
                ("contrast", 1, "DARK_CONTRAST moving\n"),
                ("reduced-motion", 1, "DARK_CONTRAST still\n"),
                ("color-scheme", 2, "LIGHT_CONTRAST still\n"),
            ):
                portal.stdin.write(f"{appearance} {key} {number}\n")
                portal.stdin.flush()
                assert expected in told, key
            follower.communicate("\n", timeout=10)
        portal.communicate(timeout=10)
    assert os.waitstatus_to_exitcode(0) == follower.returncode
