"""Network streams that are cut, fall silent and come back; and how old their pictures really are."""

from __future__ import annotations

import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from itertools import islice
from pathlib import Path
from typing import Any

import pytest

from app.bridge.gap_tracker import SOURCE_LOST
from app.bridge.stream import Stream
from app.capture.decoder_messages import Recipe
from app.capture.source import CaptureOptions, Source, SourceNotice
from app.capture.spec import open_source
from core.config import StreamConfig
from core.engine.host import InlineHost
from core.messages import Failure, Gap, Line, Message
from core.types import Frame
from tests.faults.clock_camera import ClockCamera, taken_at
from tests.waiting import PATIENCE_S, until

pytest.importorskip("av")

from app.capture.packet_stream import PacketStream
from tests.faults.udp_camera import UdpCamera
from tests.quiet_clock import lost_s

LONG = pytest.mark.faults
HONEST_S = 0.1


@pytest.fixture
def camera() -> Iterator[Callable[..., ClockCamera]]:
    started: list[ClockCamera] = []

    def start(fps: float = 15.0) -> ClockCamera:
        started.append(ClockCamera(fps))
        return started[-1]

    yield start
    for each in started:
        each.cut()


def read_for(source: Source, seconds: float, back: bool = False) -> tuple[list[Frame], list[SourceNotice], float]:
    """Frames, notices with words, and the largest error of `captured_at` against the clock in the picture.

    `back`: no longer than a second after the source is back.
    """
    frames: list[Frame] = []
    notices: list[SourceNotice] = []
    off = 0.0
    end = time.monotonic() + seconds
    while time.monotonic() < end and (taken := source.read()) is not None:
        if isinstance(taken, SourceNotice):
            notices += [taken] if taken.title else []
            if back and taken.title == "The source is back":
                end = time.monotonic() + 1
        else:
            frames.append(taken)
            off = max(off, abs(taken.captured_at - taken_at(taken.image)))
    return frames, notices, off


def opened(url: str, fps: float = 2.0) -> Source:
    source = open_source(url, CaptureOptions(fps=fps, preview_fps=10))
    source.open()
    return source


@pytest.mark.parametrize("fps", [1, 5, 30, pytest.param(60, marks=LONG), pytest.param(0.3, marks=LONG)])
def test_the_age_of_a_picture_is_true(camera: Callable[..., ClockCamera], fps: float) -> None:
    before = lost_s()
    source = opened(camera(fps).url)
    frames, notices, off = read_for(source, 3 if fps > 1 else 6 if fps == 1 else 20)
    source.close()
    assert off < HONEST_S + lost_s() - before
    assert not notices
    newest = max(frame.captured_at for frame in frames)
    assert time.monotonic() - newest < 1 / fps + 1 + lost_s() - before
    times = [frame.media_time for frame in frames]
    assert (
        len({int(seconds * 2 + 1e-6) for seconds in times}) == int(times[-1] * 2 + 1e-6) + 1
    )  # every sample time has one


@pytest.mark.parametrize("b_frames", [3, pytest.param(0, marks=LONG), pytest.param(2, marks=LONG)])
def test_the_age_of_a_picture_that_is_sent_out_of_order_is_true(b_frames: int) -> None:
    before = lost_s()
    sender = UdpCamera(b_frames)
    source = opened(sender.url)
    try:
        _, _, off = read_for(source, 6)
    finally:
        source.close()
        sender.cut()
    assert off < HONEST_S + lost_s() - before


@pytest.mark.parametrize("b_frames", [3, pytest.param(0, marks=LONG), pytest.param(2, marks=LONG)])
def test_the_first_pictures_that_are_given_out_are_as_old_as_is_said(b_frames: int) -> None:
    before = lost_s()
    sender = UdpCamera(b_frames)
    off = []
    try:
        stream = PacketStream(Recipe("camera", sender.url, live=True))
        for frame, taken in islice(stream.frames_that_arrive(), 10):
            off.append(taken - taken_at(frame.to_ndarray(format="rgb24")))
        stream.container.close()
    finally:
        sender.cut()
    assert len(off) == 10
    assert max(map(abs, off)) < HONEST_S + lost_s() - before


def test_what_waits_in_the_network_is_passed_over(camera: Callable[..., ClockCamera]) -> None:
    before = lost_s()
    source = opened(camera(30).url)
    read_for(source, 1.5)
    time.sleep(3)  # whoever reads is busy
    _, _, off = read_for(source, 1.5)
    begun = time.monotonic()
    taken = source.read()
    source.close()
    assert off < HONEST_S + lost_s() - before
    assert isinstance(taken, Frame)
    assert begun - taken.captured_at < 0.3 + lost_s() - before


def goes_away_and_comes_back(sender: Any, how: str, away_s: float) -> None:
    """A camera that is cut off or falls silent while it is watched: what is told of it, and that ages stay true."""
    before = lost_s()
    source = opened(sender.url)
    read_for(source, 2)

    def away() -> None:
        if how == "cut":
            sender.cut()
            time.sleep(away_s)
            sender.start()
        else:
            sender.sends.clear()
            time.sleep(away_s)
            sender.sends.set()

    trouble = threading.Thread(target=away)
    trouble.start()
    lost = how == "cut" or away_s > 5
    frames, notices, off = read_for(source, away_s + (PATIENCE_S if lost else 3), back=lost)
    trouble.join()
    source.interrupt()
    source.close()
    assert off < HONEST_S + lost_s() - before
    assert time.monotonic() - frames[-1].captured_at < 1 + lost_s() - before
    if lost:
        assert [notices[0].title, notices[-1].title] == ["The source was lost", "The source is back"]
    else:
        assert not notices


@pytest.mark.parametrize("away_s", [1, pytest.param(10, marks=LONG), pytest.param(60, marks=LONG)])
@pytest.mark.parametrize("how", ["cut", "silent"])
def test_a_stream_comes_back(camera: Callable[..., ClockCamera], how: str, away_s: float) -> None:
    goes_away_and_comes_back(camera(), how, away_s)


class Words:
    """Everything that a stream said."""

    def __init__(self) -> None:
        self.messages: list[Message] = []

    def of(self, kind: type) -> list[Message]:
        return [message for message in self.messages if isinstance(message, kind)]


def test_the_commentary_goes_on_over_a_gap_that_is_told(camera: Callable[..., ClockCamera]) -> None:
    sender = camera()
    words = Words()
    config = StreamConfig()
    source = open_source(sender.url, CaptureOptions(fps=config.fps, preview_fps=0))
    stream = Stream(source, InlineHost(config), config, on_message=words.messages.append)
    stream.start()
    try:
        until(lambda: stream.rounds >= 2)
        before = stream.rounds
        sender.cut()
        until(lambda: any(isinstance(message, Failure) for message in list(words.messages)))
        sender.start()
        until(lambda: stream.rounds >= before + 3)
    finally:
        stream.stop()
    failures = [message for message in words.messages if isinstance(message, Failure)]
    assert [failure.title for failure in failures] == ["The source was lost", "The source is back"]
    assert not any(failure.fatal for failure in failures)
    gaps = [message for message in words.messages if isinstance(message, Gap)]
    assert [gap.reason for gap in gaps] == [SOURCE_LOST]
    lines = [message for message in words.messages if isinstance(message, Line)]
    assert [line.round for line in lines] == list(range(len(lines)))


def test_seconds_end_a_stream_that_is_away(camera: Callable[..., ClockCamera]) -> None:
    sender = camera()
    config = StreamConfig()
    words = Words()
    source = open_source(sender.url, CaptureOptions(fps=config.fps, preview_fps=0))
    stream = Stream(source, InlineHost(config), config, on_message=words.messages.append, seconds=4)
    stream.start()
    until(lambda: stream.rounds >= 1)
    sender.cut()
    assert stream.join(PATIENCE_S)
    assert stream.error is None


@pytest.mark.parametrize("secret", ["s3cr@et", "s3cr/et", "s3cr?et"])
def test_a_password_is_nowhere_in_what_is_said_and_recorded(
    camera: Callable[..., ClockCamera], secret: str, tmp_path: Path
) -> None:
    url = camera().url.replace("//", f"//cam:{secret}@") + "?token=s3cr"
    command = [sys.executable, "-m", "app", "watch", url, "--seconds", "2", "--json", "--session", str(tmp_path)]
    done = subprocess.run(command, capture_output=True, timeout=100, check=False)
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert written
    for text in (done.stdout, done.stderr, *written, *(str(path).encode() for path in tmp_path.rglob("*"))):
        assert b"s3cr" not in text


def test_a_stored_film_over_http_waits() -> None:
    from tests.app.capture.test_live_video import transport_stream

    data = transport_stream(3)

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    try:
        source = opened(f"http://127.0.0.1:{server.server_port}/film.ts")
        assert not source.live
        first = source.read()
        time.sleep(1)
        second = source.read()
        source.close()
    finally:
        server.shutdown()
        server.server_close()
        thread.join()
    assert isinstance(first, Frame)
    assert isinstance(second, Frame)
    assert second.media_time == pytest.approx(0.1)
