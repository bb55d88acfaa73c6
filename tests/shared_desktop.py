"""A desktop that shares a picture: a session bus, PipeWire with a test card as a node, and a portal in front of it."""

from __future__ import annotations

import json
import os
import queue
import shutil
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any

import pytest

from tests.session_bus import session_bus
from tests.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parent.parent
PROGRAMS = {
    "pipewire": "pipewire",
    "wireplumber": "wireplumber",
    "pw-dump": "pipewire",
    "gst-launch-1.0": "gstreamer1.0-tools",
}
SILENT = {"stdin": subprocess.DEVNULL, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}


class PortalProcess:
    """tests/sharing_portal.py, running.

    Attributes:
        process: the program.
    """

    def __init__(self, environment: dict[str, str], words: list[str]) -> None:
        command = [sys.executable, str(ROOT / "tests" / "sharing_portal.py"), *words]
        pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
        self.process = subprocess.Popen(command, env=environment | {"PYTHONPATH": str(ROOT)}, **pipes)  # type: ignore[call-overload]
        self._said: queue.SimpleQueue[list[Any]] = queue.SimpleQueue()
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        self.heard("ready")

    def heard(self, what: str) -> dict[str, Any]:
        """The next call of that name, and its options."""
        while True:
            said, options = self._said.get(timeout=PATIENCE_S)
            if said == what:
                return dict(options)

    def do(self, line: str) -> None:
        assert self.process.stdin is not None
        self.process.stdin.write(line + "\n")
        self.process.stdin.flush()

    def close(self) -> None:
        """Harmless when it has ended."""
        assert self.process.stdin is not None
        self.process.stdin.close()
        self.process.wait(PATIENCE_S)
        self._reader.join()
        assert self.process.stdout is not None
        self.process.stdout.close()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with open(os.dup(self.process.stdout.fileno()), encoding="utf-8") as lines:
            for line in lines:
                self._said.put(json.loads(line))


class SharedDesktop:
    """A running one.

    Attributes:
        portal: answers for it. environment: what a program needs to find it. sound_and_pictures: PipeWire.
    """

    def __init__(self, ending: ExitStack, folder: Path, size: tuple[int, int]) -> None:
        address = ending.enter_context(session_bus(folder))
        self.environment = {
            "DBUS_SESSION_BUS_ADDRESS": address,
            "XDG_RUNTIME_DIR": str(folder),
            "WAYLAND_DISPLAY": "wayland-of-a-test",
            "COURTSIDE_CONFIG_DIR": str(folder / "config"),
        }
        self._env = {**os.environ, **self.environment, "HOME": str(folder)}
        self._ending = ending
        self.sound_and_pictures = self.start("pipewire")
        self.start("wireplumber")
        self._show_card(size)
        place = ["100", "50", str(size[0] // 2), str(size[1] // 2)]  # a screen of scale 2
        self._words = [str(self._node()), *place]
        self.portal = PortalProcess(self._env, self._words)
        ending.callback(self.end_portal)

    def start(self, *command: str) -> subprocess.Popen[bytes]:
        process: subprocess.Popen[bytes] = subprocess.Popen(command, env=self._env, **SILENT)  # type: ignore[call-overload]
        self._ending.callback(_end, process)
        return process

    def start_portal(self) -> None:
        """Another one, after `end_portal`."""
        self.portal = PortalProcess(self._env, self._words)

    def end_portal(self) -> None:
        self.portal.close()

    def _show_card(self, size: tuple[int, int]) -> None:
        """A red picture, 20 times a second.

        It goes on while nobody looks: a paused pipewiresink (1.22 with PipeWire 0.3.65) takes a buffer of its pool for
        each picture and gives none back, so that after 0.8 s of nobody it has none left to send, ever.
        """
        width, height = size
        area = f"video/x-raw,format=BGRx,width={width},height={height},framerate=20/1"
        red = ["videotestsrc", "pattern=solid-color", "foreground-color=0xffff0000", "is-live=true", "!", area]
        told = "stream-properties=p,media.class=Video/Source,node.name=card,node.pause-on-idle=false"
        node = ["pipewiresink", "mode=provide", told]
        self.start("gst-launch-1.0", "-q", *red, "!", *node)

    def _node(self) -> int:
        end = time.monotonic() + PATIENCE_S
        while time.monotonic() < end:
            done = subprocess.run(["pw-dump"], env=self._env, capture_output=True, check=False)
            for entry in json.loads(done.stdout or "[]"):
                if entry.get("info", {}).get("props", {}).get("node.name") == "card":
                    return int(entry["id"])
            time.sleep(0.1)
        raise AssertionError("PipeWire did not show the card")


@contextmanager
def shared_desktop(folder: Path, size: tuple[int, int] = (640, 360)) -> Iterator[SharedDesktop]:
    """Skips the test where a part is missing."""
    missing = sorted({package for program, package in PROGRAMS.items() if shutil.which(program) is None})
    if missing:
        pytest.skip(f"needs {', '.join(missing)} (Debian: the same names)")
    with ExitStack() as ending:
        yield SharedDesktop(ending, folder, size)


def _end(process: subprocess.Popen[bytes]) -> None:
    process.terminate()
    process.wait(PATIENCE_S)
