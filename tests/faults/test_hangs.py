"""What hangs is told, recovered or closed within five seconds: engine, X server, source, decoder, page client, OBS.

COURTSIDE_HANGS says how many of them there are, in turn; `make faults` makes 50.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from urllib.parse import urlsplit

import psutil
import pytest

from tests.faults.clock_camera import ClockCamera
from tests.faults.virtual_x import running_x
from tests.faults.watched import Said, Watched, percentile
from tests.quiet_clock import quiet_s
from tests.sound_film import write_film

HANGS = int(os.environ.get("COURTSIDE_HANGS", "6"))
WITHIN_S = 5.0
CLOSED_WITHIN_S = 5.0
PATIENCE_S = 300.0
"""More than anything takes where many others have the processors."""
SPOKEN = 2
"""Rounds before something hangs."""

Environment = Mapping[str, str]
Hang = Callable[[Environment, Path], "Waited"]


class Waited:
    """Seconds between an event and what should follow: by the clock, and without those in which the machine was busy
    with other things."""

    def __init__(self) -> None:
        self._begun = time.monotonic()
        self._quiet = quiet_s()
        self.seconds = 0.0
        self.quiet = 0.0

    def end(self, at: float | None = None) -> Waited:
        """Now, or at a monotonic second that has passed."""
        now = time.monotonic()
        self.seconds = (now if at is None else at) - self._begun
        self.quiet = max(0.0, min(self.seconds, quiet_s() - self._quiet))
        return self


def spoken(watched: Watched, more: int = SPOKEN) -> Said:
    """The line after which so many more were spoken than now."""
    wanted = len(watched.records("line")) + more
    watched.wait_for("line", PATIENCE_S, lambda said: len(watched.records("line")) >= wanted)
    return watched.records("line")[wanted - 1]


def told(watched: Watched, waited: Waited, words: str) -> Waited:
    """When an error record with `words` came that is not the end."""
    error = watched.wait_for("error", PATIENCE_S, lambda said: words in said.record["title"])
    assert not error.record["fatal"]
    return waited.end(error.at)


def closed(watched: Watched) -> None:
    """Ctrl-C ends it, in order and in time."""
    waited = Waited()
    watched.process.send_signal(signal.SIGINT)
    assert watched.process.wait(PATIENCE_S) == 0
    assert waited.end().quiet < CLOSED_WITHIN_S


def engine(environment: Environment, checkout: Path) -> Waited:
    with Watched("arena:5", environment=environment, checkout=checkout) as watched:
        spoken(watched)
        waited = Waited()
        watched.engine().send_signal(signal.SIGSTOP)
        told(watched, waited, "The engine is started again")
        spoken(watched)
        closed(watched)
    return waited


def x_server(environment: Environment, checkout: Path) -> Waited:
    with running_x() as (display, server):
        there = {**environment, "DISPLAY": display}
        with Watched("screen:1", environment=there, checkout=checkout) as watched:
            spoken(watched)
            waited = Waited()
            server.send_signal(signal.SIGSTOP)
            told(watched, waited, "The source was lost")
            server.send_signal(signal.SIGCONT)
            spoken(watched)
            closed(watched)
    return waited


def source(environment: Environment, checkout: Path) -> Waited:
    camera = ClockCamera()
    try:
        with Watched(camera.url, environment=environment, checkout=checkout) as watched:
            spoken(watched)
            waited = Waited()
            camera.sends.clear()
            told(watched, waited, "The source was lost")
            camera.sends.set()
            spoken(watched)
            closed(watched)
    finally:
        camera.cut()
    return waited


def decoder(environment: Environment, checkout: Path) -> Waited:
    with TemporaryDirectory() as folder:
        film = write_film(Path(folder, "film.mp4"), 60.0, [])
        with Watched(str(film), environment=environment, checkout=checkout) as watched:
            spoken(watched)
            children = psutil.Process(watched.process.pid).children()
            (process,) = (one for one in children if one.rlimit(psutil.RLIMIT_NOFILE) == (0, 0))
            waited = Waited()
            process.send_signal(signal.SIGSTOP)
            told(watched, waited, "The decoder hangs")
            spoken(watched)
            closed(watched)
    return waited


def page_client(environment: Environment, checkout: Path) -> Waited:
    """It asks for the events and never reads one; nobody may wait for it."""
    with Watched("arena:5", "--page", "0", environment=environment, checkout=checkout) as watched:
        address = urlsplit(watched.wait_for("page", PATIENCE_S).record["url"])
        with socket.socket() as client:
            client.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1)
            client.connect((address.hostname, address.port))
            client.sendall(f"GET {address.path}events HTTP/1.1\r\nHost: {address.netloc}\r\n\r\n".encode())
            spoken(watched)
            waited = Waited()
            waited.end(spoken(watched).at)
            closed(watched)
    return waited


def obs(environment: Environment, checkout: Path) -> Waited:
    with (
        _obs() as (port, server),
        Watched("arena:5", "--obs", f"ws://127.0.0.1:{port}", environment=environment, checkout=checkout) as watched,
    ):
        spoken(watched)
        waited = Waited()
        server.send_signal(signal.SIGSTOP)
        told(watched, waited, "OBS does not answer")
        spoken(watched)
        closed(watched)
    return waited


@contextmanager
def _obs() -> Iterator[tuple[int, subprocess.Popen[str]]]:
    command = [sys.executable, "-m", "tests.faults.stopped_obs"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        try:
            yield int(process.stdout.readline()), process
        finally:
            process.kill()


KINDS: tuple[Hang, ...] = (engine, x_server, source, decoder, page_client, obs)


@pytest.mark.timeout(7200)
def test_what_hangs_is_told_or_mended_or_closed(plain_environment: dict[str, str], checkout: Path) -> None:
    kinds = [kind for kind in KINDS if kind is not x_server or shutil.which("Xvfb")]
    late: list[str] = []
    all_: list[Waited] = []
    for number in range(HANGS):
        kind = kinds[number % len(kinds)]
        waited = kind(plain_environment, checkout)
        all_.append(waited)
        said = f"{kind.__name__}: {waited.seconds:.2f} s, {waited.quiet:.2f} undisturbed"
        print(said, flush=True)
        if waited.quiet > WITHIN_S:
            late.append(said)
        assert threading.active_count() < 50
    seconds = [waited.seconds for waited in all_]
    figures = {"hangs": len(all_), "p50_s": percentile(seconds, 0.5), "most_s": max(seconds)}
    print(json.dumps({**figures, "most_undisturbed_s": max(waited.quiet for waited in all_)}), flush=True)
    assert not late
