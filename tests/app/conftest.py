"""A real screen for tests of windows: Xvfb, a window manager and a compositor."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.sound_server import SoundServer
from tests.waiting import PATIENCE_S, until

if TYPE_CHECKING:
    from pytestqt.qtbot import QtBot

    from app.bridge.stream import Stream
    from app.main import Courtside
    from app.settings import Settings

SCREEN = (1280, 720)
NEEDED = ("Xvfb", "openbox", "picom", "xdotool")


@dataclass(frozen=True, slots=True)
class VirtualScreen:
    """An X server of our own.

    Attributes:
        display: what DISPLAY is set to. width, height: pixels.
    """

    display: str
    width: int
    height: int

    def click(self, x: int, y: int) -> None:
        """A real click of the left button at global pixels."""
        subprocess.run(["xdotool", "mousemove", str(x), str(y), "click", "1"], check=True, env=self.environment())

    def drag(self, start: tuple[int, int], end: tuple[int, int]) -> None:
        """Presses at `start`, moves and releases at `end`."""
        half = ((start[0] + end[0]) // 2, (start[1] + end[1]) // 2)
        moves = [f"mousemove {x} {y}" for x, y in (half, end)]
        for step in (f"mousemove {start[0]} {start[1]}", "mousedown 1", *moves, "mouseup 1"):
            subprocess.run(["xdotool", *step.split()], check=True, env=self.environment())

    def environment(self) -> dict[str, str]:
        return {**os.environ, "DISPLAY": self.display}

    def owner(self, selection: str) -> int:
        """The X window that owns a selection, 0 when none does."""
        from Xlib.display import Display

        with closing(Display(self.display)) as display:
            owner = display.get_selection_owner(display.intern_atom(selection))
            return owner.id if owner else 0

    def stacking(self) -> list[int]:
        """Ids of the top-level X windows, lowest first."""
        from Xlib.display import Display

        with closing(Display(self.display)) as display:
            return [window.id for window in display.screen().root.query_tree().children]


@pytest.fixture
def sound_server(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[SoundServer]:
    """A sound server of our own, which everything in this process uses."""
    server = SoundServer(tmp_path / "sound")
    server.start()
    for name, value in server.environment.items():
        monkeypatch.setenv(name, value)
    yield server
    server.stop()


@pytest.fixture(scope="session")
def virtual_screen() -> Iterator[VirtualScreen]:
    """The screen that all windows of this test run appear on."""
    missing = [program for program in NEEDED if shutil.which(program) is None]
    if missing:
        pytest.skip(f"tests of windows need {', '.join(missing)} (Debian: xvfb openbox picom xdotool)")
    processes: list[subprocess.Popen[bytes]] = []
    before = {name: os.environ.get(name) for name in ("DISPLAY", "QT_QPA_PLATFORM", "WAYLAND_DISPLAY")}
    try:
        screen = _start_server(processes)
        os.environ.update(DISPLAY=screen.display, QT_QPA_PLATFORM="xcb")
        os.environ.pop("WAYLAND_DISPLAY", None)
        start_compositor(screen, processes)
        yield screen
    finally:
        for process in reversed(processes):
            process.terminate()
            process.wait(PATIENCE_S)
        for name, value in before.items():
            if value is None:
                os.environ.pop(name, None)
            else:
                os.environ[name] = value


@pytest.fixture
def restless_server(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """An X server with nothing in it, which starts over whenever its last client has gone."""
    if shutil.which("Xvfb") is None:
        pytest.skip("needs Xvfb (Debian: xvfb)")
    reader, writer = os.pipe()
    command = ["Xvfb", "-displayfd", str(writer), "-nolisten", "tcp"]
    with subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL) as process:
        os.close(writer)
        with os.fdopen(reader) as answer:
            monkeypatch.setenv("DISPLAY", f":{answer.readline().strip()}")
        yield
        process.terminate()
        process.wait(PATIENCE_S)


def _start_server(processes: list[subprocess.Popen[bytes]]) -> VirtualScreen:
    """Xvfb on a display that it finds free itself, and openbox in it."""
    reader, writer = os.pipe()
    size = f"{SCREEN[0]}x{SCREEN[1]}x24"
    server = ["Xvfb", "-displayfd", str(writer), "-screen", "0", size, "-nolisten", "tcp", "-noreset"]
    processes.append(subprocess.Popen(server, pass_fds=[writer], stderr=subprocess.DEVNULL))
    os.close(writer)
    with os.fdopen(reader) as answer:
        screen = VirtualScreen(f":{answer.readline().strip()}", *SCREEN)
    environment = {**os.environ, "DISPLAY": screen.display}
    processes.append(
        subprocess.Popen(["openbox"], env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    )
    until(lambda: _window_manager(screen.display), "openbox did not start")
    return screen


def _window_manager(display_name: str) -> bool:
    from Xlib import X
    from Xlib.display import Display

    with closing(Display(display_name)) as display:
        check = display.intern_atom("_NET_SUPPORTING_WM_CHECK")
        return display.screen().root.get_full_property(check, X.AnyPropertyType) is not None


def start_compositor(screen: VirtualScreen, processes: list[subprocess.Popen[bytes]]) -> None:
    """picom, without the fading that would blur what pixels tell."""
    command = ["picom", "--config", "/dev/null", "--backend", "xrender"]
    processes.append(subprocess.Popen(command, env=screen.environment(), stderr=subprocess.DEVNULL))
    until(lambda: screen.owner("_NET_WM_CM_S0"), "picom did not start")


@pytest.fixture(scope="session")
def qapp(virtual_screen, qapp):
    """pytest-qt's application, on the virtual screen and dressed as the real one."""
    import shiboken6

    from app import theme

    theme.apply(qapp)
    qapp.setQuitOnLastWindowClosed(False)
    yield qapp
    shiboken6.delete(qapp)  # before its X server goes


@pytest.fixture
def qtbot(qapp, request: pytest.FixtureRequest) -> QtBot:
    """pytest-qt's, with patience."""
    from tests.app.patient_bot import PatientBot

    return PatientBot(request)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A warning from Qt fails the test in which it appears."""
    here = Path(__file__).parent
    for item in items:
        if here in item.path.parents and "qapp" in getattr(item, "fixturenames", ()):
            item.add_marker(pytest.mark.qt_log_level_fail("WARNING"))


@pytest.fixture(autouse=True)
def settings_of_our_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No test reads or writes the settings, sessions and keyring of the person who runs it."""
    monkeypatch.setenv("PYTHON_KEYRING_BACKEND", "keyring.backends.fail.Keyring")
    monkeypatch.setenv("COURTSIDE_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(tmp_path / "sessions"))


@pytest.fixture
def opened(qapp, qtbot, tmp_path: Path) -> Iterator[Callable[..., Courtside]]:
    """Opens the application with a scripted stream, or with another one."""
    from app.main import Courtside
    from app.settings_file import SettingsFile
    from tests.app.scripted import scripted

    made: list[Courtside] = []

    def open_(build: Callable[..., Stream] | None = None, settings: Settings | None = None) -> Courtside:
        file = SettingsFile(tmp_path)
        if settings is not None:
            file.save(settings)
        made.append(Courtside(file, build or scripted()))
        made[-1].open()
        qtbot.waitUntil(lambda: made[-1].window.windowHandle().isExposed())
        return made[-1]

    yield open_
    for courtside in made:
        courtside.window.close()
        courtside.close()
        for part in (courtside.window, courtside.overlay, courtside):
            part.deleteLater()
    qtbot.wait(10)


BELOW = """
import sys
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QPalette
from PySide6.QtWidgets import QApplication, QWidget

class Below(QWidget):
    def mousePressEvent(self, event):
        where = event.globalPosition().toPoint()
        print("click", where.x(), where.y(), flush=True)
    def paintEvent(self, event):
        super().paintEvent(event)
        print("painted", flush=True)

application = QApplication([])
window = Below(None, Qt.WindowType.FramelessWindowHint)
palette = QPalette()
palette.setColor(QPalette.ColorRole.Window, QColor(sys.argv[1]))
window.setPalette(palette)
window.setGeometry(application.primaryScreen().geometry())
window.show()
application.exec()
"""


class OtherProgram:
    """A program that is not ours, filling the screen with one colour and telling of every click."""

    def __init__(self, screen: VirtualScreen, colour: str) -> None:
        self.heard: list[str] = []
        self._process = subprocess.Popen(
            [sys.executable, "-c", BELOW, colour], env=screen.environment(), stdout=subprocess.PIPE, text=True
        )
        self._reader = threading.Thread(target=self._listen, name="other program", daemon=True)
        self._reader.start()
        until(lambda: "painted" in self.heard, "the other program did not appear")

    def clicks(self) -> list[tuple[int, int]]:
        told = [line.split() for line in self.heard if line.startswith("click")]
        return [(int(x), int(y)) for _, x, y in told]

    def close(self) -> None:
        self._process.terminate()
        self._process.wait(PATIENCE_S)
        self._reader.join()
        self._process.stdout.close()

    def _listen(self) -> None:
        for line in self._process.stdout:
            self.heard.append(line.strip())


@pytest.fixture
def other_program(virtual_screen: VirtualScreen) -> Iterator[Callable[[str], OtherProgram]]:
    """Starts another program in a colour, below whatever is shown later."""
    started: list[OtherProgram] = []

    def start(colour: str) -> OtherProgram:
        started.append(OtherProgram(virtual_screen, colour))
        return started[-1]

    yield start
    for program in started:
        program.close()
