"""Private windows on Wayland, as a real sway tells of them: headless, by an ordinary user, since it refuses root."""

from __future__ import annotations

import os
import pwd
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest

from app.capture.private_windows import checks
from app.capture.sway_windows import SwayWindows, sway_windows
from app.ignore_list import IgnoreList
from tests.waiting import until

WINDOW = """
import sys
from PySide6.QtWidgets import QApplication, QLabel
application = QApplication(sys.argv[:1])
application.setDesktopFileName(sys.argv[2])
window = QLabel("words")
window.setWindowTitle(sys.argv[1])
window.show()
application.exec()
"""
CONFIG = "output * resolution 1280x720\nxwayland disable\n"


class Sway:
    """A compositor and the programs on it.

    Attributes:
        socket: where it tells.
    """

    def __init__(self, home: Path) -> None:
        home.chmod(0o700)
        user: dict[str, Any] = {"user": "nobody", "group": "nogroup", "extra_groups": []} if os.geteuid() == 0 else {}
        if user:
            os.chown(home, pwd.getpwnam("nobody").pw_uid, -1)
        config = home / "config"
        config.write_text(CONFIG)
        config.chmod(0o644)
        self._home = home
        headless = {"WLR_BACKENDS": "headless", "WLR_RENDERER": "pixman", "WLR_LIBINPUT_NO_DEVICES": "1"}
        self._environment = {
            "PATH": os.environ["PATH"],
            "HOME": str(home),
            "XDG_RUNTIME_DIR": str(home),
            "LANG": "C.UTF-8",
            **headless,
        }
        command = ["sway", "--config", str(config)]
        silent = subprocess.DEVNULL
        sway = subprocess.Popen(command, env=self._environment, stdout=silent, stderr=silent, **user)
        self._processes = [sway]
        try:
            until(lambda: list(home.glob("sway-ipc.*.sock")) and list(home.glob("wayland-?")), "sway did not start")
        except BaseException:
            self.close()
            raise
        self.socket = str(next(home.glob("sway-ipc.*.sock")))

    def open(self, title: str, name: str = "program") -> subprocess.Popen[bytes]:
        """A window of a Wayland program, which runs as this user: its interpreter may be nobody else's to read."""
        display = str(next(self._home.glob("wayland-?")))
        environment = {**os.environ, "WAYLAND_DISPLAY": display, "QT_QPA_PLATFORM": "wayland"}
        command = [sys.executable, "-c", WINDOW, title, name]
        self._processes.append(subprocess.Popen(command, env=environment, stderr=subprocess.DEVNULL))
        return self._processes[-1]

    def do(self, command: str) -> None:
        message = ["swaymsg", "--socket", self.socket, command]
        subprocess.run(message, check=True, capture_output=True)

    def close(self) -> None:
        for process in reversed(self._processes):
            process.terminate()
            process.wait(20)


@pytest.fixture
def sway(tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch) -> Iterator[Sway]:
    if shutil.which("sway") is None:
        pytest.skip("needs sway (Debian: sway)")
    folder = tmp_path_factory.mktemp("sway")
    for above in (folder.parent, folder.parent.parent):
        above.chmod(0o755)
    made = Sway(folder)
    monkeypatch.setenv("SWAYSOCK", made.socket)
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-1")
    yield made
    made.close()


@pytest.mark.real
def test_a_private_window_counts_while_it_can_be_seen(sway: Sway) -> None:
    ignored = IgnoreList(("Payroll*",), ("keepass*",), ())
    with closing(SwayWindows(lambda: ignored)) as windows:
        assert not windows.private_seen(None)
        sway.open("A game")
        payroll = sway.open("Payroll 2026")
        until(lambda: windows.private_seen(None), "it was not seen")
        assert windows.private_seen((0, 0, 1280, 720))
        with closing(SwayWindows(lambda: ignored)) as elsewhere:
            assert not elsewhere.private_seen((5000, 0, 100, 100))
        (found,) = checks()
        assert found.state == "ok"
        sway.do("[title=Payroll] move container to workspace 9")
        until(lambda: not windows.private_seen(None), "it was seen on a workspace that is not there")
        sway.do("workspace 9")
        until(lambda: windows.private_seen(None), "it was not seen again")
        payroll.terminate()
        until(lambda: not windows.private_seen(None), "it was seen when it had gone")
        sway.open("Vault", "keepassxc")
        until(lambda: windows.private_seen(None), "its app_id was not known")
        assert not windows.lost


@pytest.mark.real
def test_when_sway_goes_nothing_is_known(sway: Sway) -> None:
    windows = sway_windows(IgnoreList)
    assert windows is not None
    with closing(windows):
        sway.close()
        assert windows.private_seen(None)
        assert windows.lost
    assert sway_windows(IgnoreList) is None


def test_elsewhere_doctor_says_what_is_not_guarded(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("WAYLAND_DISPLAY", "wayland-9")
    monkeypatch.setenv("SWAYSOCK", str(tmp_path / "gone"))
    assert sway_windows(IgnoreList) is None
    (found,) = checks()
    assert found.state == "limited"
    assert "a shared screen is not guarded" in found.why
