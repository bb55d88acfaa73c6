"""X servers that change, lack RANDR, hang, go away or are not there."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator

import pytest

from app.capture.source import CaptureOptions, Source, SourceNotice
from app.capture.spec import open_source
from app.display import require_display
from core.errors import CourtsideError
from core.types import Frame
from tests.quiet_clock import quiet_s
from tests.waiting import PATIENCE_S

pytest.importorskip("mss")
pytestmark = pytest.mark.skipif(shutil.which("Xvfb") is None, reason="needs Xvfb")

Server = tuple[str, "subprocess.Popen[bytes]"]
OPTIONS = CaptureOptions(fps=4, preview_fps=4)


@pytest.fixture(autouse=True)
def events_of_each_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """python-xlib keeps one table of extensions' event numbers for the whole process: the servers of these tests, which
    differ in their extensions, must not share it."""
    from Xlib.protocol import display, event

    monkeypatch.setattr(display.Display, "event_classes", event.event_class.copy())


@pytest.fixture
def server(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[..., Server]]:
    """Starts an X server that DISPLAY names until the end of the test."""
    started: list[subprocess.Popen[bytes]] = []

    def start(*options: str, display: str = "") -> Server:
        reader, writer = os.pipe()
        size = ("-screen", "0", "1280x720x24", "-nolisten", "tcp", "-noreset")
        command = ["Xvfb", *([display] if display else []), "-displayfd", str(writer), *size, *options]
        started.append(subprocess.Popen(command, pass_fds=[writer], stderr=subprocess.DEVNULL))
        os.close(writer)
        with os.fdopen(reader) as answer:
            name = f":{answer.readline().strip()}"
        monkeypatch.setenv("DISPLAY", name)
        monkeypatch.delenv("WAYLAND_DISPLAY", raising=False)
        return name, started[-1]

    yield start
    for process in started:
        process.send_signal(signal.SIGCONT)
        process.kill()
        process.wait()


@pytest.fixture
def watched() -> Iterator[Callable[[str], Source]]:
    opened: list[Source] = []

    def open_(spec: str) -> Source:
        opened.append(open_source(spec, OPTIONS))
        opened[-1].open()
        return opened[-1]

    yield open_
    for source in opened:
        source.interrupt()
        source.close()


def until_size(source: Source, size: tuple[int, int], patience_s: float = PATIENCE_S) -> None:
    """Reads until a picture of (width, height) comes."""
    end = time.monotonic() + patience_s
    seen = set()
    while time.monotonic() < end:
        taken = source.read()
        if isinstance(taken, Frame):
            seen.add(taken.image.shape[1::-1])
            if taken.image.shape[1::-1] == size:
                return
    raise TimeoutError(f"no picture of {size}, but of {seen}")


def told(source: Source, patience_s: float = PATIENCE_S) -> SourceNotice:
    end = time.monotonic() + patience_s
    while time.monotonic() < end:
        taken = source.read()
        if isinstance(taken, SourceNotice) and taken.title:
            return taken
    raise TimeoutError("nothing was told")


@pytest.mark.skipif(shutil.which("xrandr") is None, reason="needs xrandr")
def test_a_screen_that_shrinks_and_grows(server: Callable[..., Server], watched: Callable[[str], Source]) -> None:
    server()
    source = watched("screen:1")
    until_size(source, (1280, 720))
    for width, height in ((800, 600), (640, 480)):
        mode = f"{width}x{height}"
        subprocess.run(["xrandr", "--newmode", mode, "0", *f"{width} 0 0 0 {height} 0 0 0".split()], check=True)
        subprocess.run(["xrandr", "--addmode", "screen", mode], check=True)
    for width, height in ((800, 600), (1280, 720), (640, 480), (1280, 720)):
        subprocess.run(["xrandr", "--output", "screen", "--mode", f"{width}x{height}"], check=True)
        until_size(source, (width, height))


def test_a_server_without_randr_has_one_screen(server: Callable[..., Server], watched: Callable[[str], Source]) -> None:
    server("-extension", "RANDR")
    until_size(watched("screen:1"), (1280, 720))
    done = subprocess.run([sys.executable, "-m", "app", "doctor"], capture_output=True, text=True, timeout=120)
    assert "IndexError" not in done.stdout + done.stderr
    assert "1 screen; 1280 x 720" in done.stdout


def test_a_hung_server_is_told_within_five_seconds_and_stop_returns(
    server: Callable[..., Server], watched: Callable[[str], Source]
) -> None:
    _, process = server()
    source = watched("screen:1")
    until_size(source, (1280, 720))
    process.send_signal(signal.SIGSTOP)
    begun = quiet_s()
    notice = told(source)
    assert notice.lost
    assert "does not answer" in notice.message
    assert quiet_s() - begun < 5
    process.send_signal(signal.SIGCONT)
    assert told(source).title == "The source is back"
    until_size(source, (1280, 720))
    process.send_signal(signal.SIGSTOP)
    source.read()
    begun = quiet_s()
    source.interrupt()
    source.close()
    assert quiet_s() - begun < 1
    process.send_signal(signal.SIGCONT)


def test_a_server_that_is_killed_and_started_again(
    server: Callable[..., Server], watched: Callable[[str], Source]
) -> None:
    name, process = server()
    source = watched("screen:1")
    until_size(source, (1280, 720))
    process.kill()
    process.wait()
    assert told(source).lost
    server(display=name)
    assert told(source).title == "The source is back"


def test_a_display_without_a_server_is_one_line(monkeypatch: pytest.MonkeyPatch) -> None:
    environment = {name: value for name, value in os.environ.items() if not name.startswith(("QT_", "WAYLAND"))}
    environment["DISPLAY"] = ":4243"
    done = subprocess.run(
        [sys.executable, "-m", "app"], capture_output=True, text=True, env=environment, timeout=60, check=False
    )
    assert done.returncode == 1
    assert done.stderr.startswith("courtside: No display: DISPLAY is :4243: there is no display server")
    assert len(done.stderr.splitlines()) == 1


def test_a_display_whose_server_hangs_is_told(server: Callable[..., Server], monkeypatch: pytest.MonkeyPatch) -> None:
    _, process = server()
    monkeypatch.delenv("QT_QPA_PLATFORM", raising=False)
    require_display()
    process.send_signal(signal.SIGSTOP)
    begun = quiet_s()
    with pytest.raises(CourtsideError, match="does not answer"):
        require_display()
    assert quiet_s() - begun < 5
    process.send_signal(signal.SIGCONT)
    for thread in threading.enumerate():
        if thread.name == "display":
            thread.join(5)
