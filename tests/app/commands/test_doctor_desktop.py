"""What the doctor says of a desktop without its parts: a bare X server, and none that answers."""

from __future__ import annotations

import shutil

import pytest

from app.commands.doctor_desktop import desktop


def test_a_bare_server_is_one_command_from_a_desktop(restless_server: None, monkeypatch: pytest.MonkeyPatch) -> None:
    compositor, window_manager = desktop()
    assert (compositor.state, window_manager.state) == ("limited", "limited")
    assert compositor.fix == ("picom -b" if shutil.which("picom") else "apt install picom, then: picom -b")
    monkeypatch.setenv("PATH", "")
    assert [row.fix for row in desktop()] == [
        "apt install picom, then: picom -b",
        "apt install openbox, then: openbox &",
    ]


@pytest.mark.filterwarnings("ignore::pytest.PytestUnraisableExceptionWarning")  # python-xlib's sockets of a failure
def test_a_server_that_is_not_there_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DISPLAY", ":987")
    (row,) = desktop()
    assert (row.state, row.fix) == ("missing", "check DISPLAY and XAUTHORITY")
