"""What the window talks to while `courtside bench --only ui` measures it: an OBS, a page's reader, a sound device."""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import threading
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.outputs.page_server import page_url
from app.outputs.page_token import page_token

if TYPE_CHECKING:
    from websockets.sync.server import ServerConnection

ANSWERS: dict[str, dict[str, Any]] = {
    "GetCurrentProgramScene": {"currentProgramSceneName": "Scene"},
    "GetRecordStatus": {"outputActive": False},
    "GetStreamStatus": {"outputActive": False},
}
SINK = "module-null-sink sink_name=bench rate=48000 norewinds=1"
ASOUND = "pcm.!default { type pulse }\nctl.!default { type pulse }\n"
STARTS_S = 15.0
ENDS_S = 5.0
LOOKS_EVERY_S = 0.1


@dataclass(slots=True)
class Peers:
    """What reached them.

    Attributes:
        texts: that OBS was given. events: that the page's reader got. sound: what is spoken into.
    """

    texts: int = 0
    events: int = 0
    sound: str = "the default device"

    def __str__(self) -> str:
        return f"{self.texts} texts to OBS, {self.events} events of the page, sound: {self.sound}"


class ObsPeer:
    """Speaks obs-websocket 5 as far as Courtside asks, and grants each request."""

    def __init__(self, peers: Peers) -> None:
        from websockets.sync.server import serve

        self._peers = peers
        protocols: Any = ["obswebsocket.json"]
        self._server = serve(self._answer, "127.0.0.1", 0, subprotocols=protocols)
        self.url = f"ws://127.0.0.1:{self._server.socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, name="OBS peer")
        self._thread.start()

    def close(self) -> None:
        self._server.shutdown()
        self._thread.join()

    def _answer(self, connection: ServerConnection) -> None:
        from websockets.exceptions import ConnectionClosed

        connection.send(json.dumps({"op": 0, "d": {"rpcVersion": 1}}))
        with suppress(ConnectionClosed):
            for message in connection:
                connection.send(json.dumps(self._reply(json.loads(message))))

    def _reply(self, asked: dict[str, Any]) -> dict[str, Any]:
        if asked["op"] == 1:
            return {"op": 2, "d": {"negotiatedRpcVersion": 1}}
        kind = asked["d"]["requestType"]
        self._peers.texts += kind == "SetInputSettings"
        body = {"requestType": kind, "requestId": asked["d"]["requestId"], "requestStatus": {"result": True}}
        return {"op": 7, "d": {**body, "responseData": ANSWERS.get(kind, {})}}


class PageReader:
    """Reads the page's events as a browser does, as soon as it is there."""

    def __init__(self, peers: Peers, url: str) -> None:
        self._peers = peers
        self._url = url
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._read, name="page reader")
        self._thread.start()

    def close(self) -> None:
        """Once the page's server has ended."""
        self._ended.set()
        self._thread.join()

    def _read(self) -> None:
        opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
        while not self._ended.wait(LOOKS_EVERY_S):
            with suppress(OSError), opener.open(f"{self._url}events", timeout=STARTS_S) as answer:
                for line in answer:
                    self._peers.events += line.startswith(b"data:")


@contextmanager
def opened_peers(folder: Path, config: Path) -> Iterator[tuple[Peers, dict[str, Any], dict[str, str]]]:
    """What reaches them, the settings' `outputs` that use them, and the environment with the sound device.

    folder: for the sound server. config: the folder of the settings, where the page's secret is.
    """
    peers = Peers()
    with ExitStack() as ending:
        obs = ObsPeer(peers)
        ending.callback(obs.close)
        port = _free_port()
        reader = PageReader(peers, page_url(port, page_token(config)))
        ending.callback(reader.close)
        sound = ending.enter_context(_sound(folder, peers))
        yield peers, {"speech": {}, "page": {"port": port}, "obs": {"url": obs.url}}, sound


@contextmanager
def _sound(home: Path, peers: Peers) -> Iterator[dict[str, str]]:
    """The environment of a PulseAudio of our own that plays into nothing; nothing where it is not installed."""
    if shutil.which("pulseaudio") is None or shutil.which("pactl") is None:
        yield {}
        return
    (home / ".asoundrc").write_text(ASOUND)
    own = {"HOME": str(home), "PULSE_RUNTIME_PATH": str(home / "pulse")}
    environment = {**os.environ, **own}
    command = ["pulseaudio", "-n", "--daemonize=no", "--exit-idle-time=-1", "-L", "module-native-protocol-unix"]
    server = subprocess.Popen([*command, "-L", SINK], env=environment, stderr=subprocess.DEVNULL)
    try:
        end = time.monotonic() + STARTS_S
        look = ["pactl", "info"]
        while time.monotonic() < end and subprocess.run(look, env=environment, capture_output=True).returncode:
            time.sleep(LOOKS_EVERY_S)
        peers.sound = "a null sink"
        yield own
    finally:
        server.terminate()
        server.wait(ENDS_S)


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port
