"""A stored film whose server breaks off in the middle, or falls silent: it is tried until it is back, and goes on."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Literal

import numpy as np
import pytest

from app.capture.source import CaptureOptions, Source, SourceNotice
from app.capture.spec import open_source
from core.types import Frame
from tests.quiet_clock import quiet_s

pytest.importorskip("av")

from tests.faults.odd_files import encoded

SECONDS = 20
FPS = 2.0
REFUSALS = 4
"""Tries in vain before the server is back."""
Trouble = Literal["cut", "silent"]


class FilmServer:
    """Gives parts of a file, as they are asked for, and has its trouble once, at half of the file.

    Attributes:
        url: of the film.  troubled_at: the quiet second at which the trouble began.
    """

    def __init__(self, film: Path, trouble: Trouble, refusals: int) -> None:
        self.troubled_at = 0.0
        self._data = film.read_bytes()
        self._trouble: Trouble = trouble
        self._refusals = refusals
        self._ended = threading.Event()
        server = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self) -> None:
                server.give(self)

            def log_message(self, *args: object) -> None:
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()
        self.url = f"http://127.0.0.1:{self._server.server_port}/film.mp4"

    def give(self, to: BaseHTTPRequestHandler) -> None:
        to.close_connection = True
        if self.troubled_at and self._refusals > 0:
            self._refusals -= 1
            return
        begin = int(to.headers.get("Range", "bytes=0-").removeprefix("bytes=").split("-")[0])
        to.send_response(206)
        to.send_header("Content-Length", str(len(self._data) - begin))
        to.send_header("Content-Range", f"bytes {begin}-{len(self._data) - 1}/{len(self._data)}")
        to.end_headers()
        half = len(self._data) // 2
        try:
            to.wfile.write(self._data[begin : max(begin, half)])
            if not self.troubled_at:
                self.troubled_at = quiet_s()
                if self._trouble == "cut":
                    to.connection.shutdown(socket.SHUT_RDWR)
                else:
                    self._ended.wait()
                return
            to.wfile.write(self._data[max(begin, half) :])
        except OSError:  # whoever asked has gone
            return

    def close(self) -> None:
        self._ended.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()


@pytest.fixture(scope="module")
def film(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Of pictures that cannot be made small: more of them than wait on the way. The index is in front."""
    chance = np.random.default_rng(1)
    pictures = (chance.integers(0, 255, (240, 320, 3), np.uint8) for _ in range(10 * SECONDS))
    path = tmp_path_factory.mktemp("film") / "film.mp4"
    return encoded(path, pictures=pictures, options={"g": "5"}, container_options={"movflags": "faststart"})


@pytest.fixture
def server(film: Path, request: pytest.FixtureRequest) -> Iterator[FilmServer]:
    trouble, refusals = request.param
    one = FilmServer(film, trouble, refusals)
    yield one
    one.close()


def opened(url: str) -> Source:
    source = open_source(url, CaptureOptions(fps=FPS, pace="max"))
    source.open()
    assert not source.live
    return source


def all_of(source: Source) -> tuple[list[float], list[tuple[float, SourceNotice]]]:
    """The times of all pictures, and each notice with the quiet second at which it came."""
    times: list[float] = []
    notices: list[tuple[float, SourceNotice]] = []
    while (taken := source.read()) is not None:
        if isinstance(taken, Frame):
            times.append(taken.media_time)
        elif taken.title:
            notices.append((quiet_s(), taken))
    return times, notices


@pytest.mark.parametrize("server", [("cut", REFUSALS)], indirect=True)
def test_nothing_is_missed_of_a_film_that_was_cut(server: FilmServer) -> None:
    source = opened(server.url)
    times, notices = all_of(source)
    (lost, back) = (notice for _, notice in notices)
    assert lost.lost
    assert lost.message.endswith("trying until it is back")
    assert (back.title, back.lost) == ("The source is back", False)
    assert times == [i / FPS for i in range(round(SECONDS * FPS))]
    assert source.warning == ""
    source.close()


@pytest.mark.parametrize("server", [("silent", 0)], indirect=True)
def test_a_film_that_falls_silent_is_told_and_goes_on(server: FilmServer) -> None:
    source = opened(server.url)
    times, notices = all_of(source)
    (told_at, lost), (_, back) = notices
    assert lost.lost
    assert lost.message.endswith("opening it again")
    assert told_at - server.troubled_at < 5.0
    assert back.title == "The source is back"
    missed = sorted({i / FPS for i in range(round(SECONDS * FPS))} - set(times))
    assert all(lost.at < at <= lost.at + 1.5 for at in missed)
    assert times == sorted(times)
    assert source.warning == ""
    source.close()


@pytest.mark.parametrize("server", [("cut", 10_000)], indirect=True)
def test_stop_ends_the_tries(server: FilmServer) -> None:
    source = opened(server.url)
    while not isinstance(source.read(), SourceNotice):
        pass
    threading.Timer(1.0, source.interrupt).start()
    begun = time.monotonic()
    before = quiet_s()
    assert source.read() is None
    assert time.monotonic() - begun >= 0.9
    assert quiet_s() - before < 3.0
    source.close()
