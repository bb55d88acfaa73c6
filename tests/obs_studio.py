"""A real OBS with its websocket server, on a virtual screen, with settings of its own."""

from __future__ import annotations

import base64
import io
import os
import shutil
import socket
import subprocess
import time
from pathlib import Path

import pytest
from PIL import Image

from app.outputs.obs_address import ObsAddress
from app.outputs.obs_socket import ObsSocket, connected

PASSWORD = "s3cret-of-this-test"
PATIENCE_S = 60.0
SETTINGS = """[General]
FirstRun=true

[OBSWebSocket]
ServerEnabled=true
ServerPort={port}
AuthRequired=true
ServerPassword={password}
AlertsEnabled=false
FirstLoad=false
"""


class ObsStudio:
    """OBS, to be started, killed and started again.

    Attributes:
        address: where it listens.
    """

    def __init__(self, home: Path, display: str) -> None:
        self.address = ObsAddress("127.0.0.1", _free_port(), PASSWORD)
        settings = home / "config" / "obs-studio"
        settings.mkdir(parents=True)
        (settings / "global.ini").write_text(SETTINGS.format(port=self.address.port, password=PASSWORD))
        self._process: subprocess.Popen[bytes] | None = None
        self._environment = {
            **os.environ,
            "DISPLAY": display,
            "HOME": str(home),
            "XDG_CONFIG_HOME": str(home / "config"),
            "XDG_RUNTIME_DIR": str(home),
            "LIBGL_ALWAYS_SOFTWARE": "1",
            "QT_QPA_PLATFORM": "xcb",
        }

    @property
    def url(self) -> str:
        return f"ws://:{PASSWORD}@{self.address.shown}"

    def start(self) -> None:
        """Returns when OBS answers."""
        command = ["obs", "--multi", "--disable-shutdown-check", "--minimize-to-tray"]
        self._process = subprocess.Popen(
            command, env=self._environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        end = time.monotonic() + PATIENCE_S
        while True:
            try:
                self.text_is_seen()
                return
            except Exception:
                assert self._process.poll() is None, "OBS ended"
                if time.monotonic() > end:
                    raise
                time.sleep(0.3)

    def kill(self) -> None:
        """At once, as a crash would."""
        if self._process is not None:
            self._process.kill()
            self._process.wait(PATIENCE_S)
            self._process = None

    def ask(self, kind: str, **data: object) -> dict:
        with connected(self.address) as obs:
            return obs.ask(kind, **data)

    def text_is_seen(self) -> bool:
        """Whether there is text in the programme picture."""
        with connected(self.address) as obs:
            return has_text(obs, programme(obs))


def programme(obs: ObsSocket) -> str:
    """The scene on air."""
    return obs.ask("GetCurrentProgramScene")["currentProgramSceneName"]


def has_text(obs: ObsSocket, scene: str) -> bool:
    """Whether some of a scene's picture is white; all else is black."""
    answer = obs.ask("GetSourceScreenshot", sourceName=scene, imageFormat="png", imageWidth=320)
    picture = Image.open(io.BytesIO(base64.b64decode(answer["imageData"].partition(",")[2]))).convert("RGB")
    return sum(count for count, colour in picture.getcolors(1 << 24) if min(colour) > 150) > 30


def obs_or_skip(home: Path, display: str) -> ObsStudio:
    if shutil.which("obs") is None:
        pytest.skip("needs OBS (Debian: obs-studio obs-plugins)")
    return ObsStudio(home, display)


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return int(listening.getsockname()[1])
