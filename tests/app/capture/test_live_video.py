"""Cameras and network streams, with FFmpeg's own devices and real streams on the loopback standing in."""

from __future__ import annotations

import http.server
import io
import socket
import threading
import time
from collections.abc import Iterator
from fractions import Fraction

import numpy as np
import pytest

from app.capture import live_video
from app.capture.camera import cameras
from app.capture.live_video import LiveVideo
from app.capture.source import CaptureOptions
from app.capture.spec import open_source
from core.errors import SourceError
from tests.quiet_clock import lost_s, quiet_s

av = pytest.importorskip("av")

PATTERN = "testsrc2=size=160x120:rate=30,realtime"


def transport_stream(seconds: float, fps: int = 20) -> bytes:
    """An MPEG transport stream of a picture that grows brighter."""
    out = io.BytesIO()
    with av.open(out, "w", format="mpegts") as container:
        stream = container.add_stream("mpeg2video", rate=fps)
        stream.width = 64
        stream.height = 48
        stream.pix_fmt = "yuv420p"
        stream.gop_size = 5
        for index in range(int(seconds * fps)):
            frame = av.VideoFrame.from_ndarray(np.full((48, 64, 3), (20 + index * 2) % 256, np.uint8), format="rgb24")
            frame.pts = index
            frame.time_base = Fraction(1, fps)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return out.getvalue()


@pytest.fixture
def web() -> Iterator[str]:
    """A web server that gives two seconds of video and closes."""
    data = transport_stream(2)

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "video/mp2t")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, *args: object) -> None:
            pass

    server = http.server.HTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/live.ts"
    server.shutdown()
    server.server_close()
    thread.join()


def exhaust(source: LiveVideo) -> None:
    while source.read() is not None:
        pass


def test_a_live_device_gives_frames_at_the_rate_wanted() -> None:
    source = LiveVideo("pattern", CaptureOptions(fps=2, preview_fps=10), PATTERN, "lavfi")
    before = lost_s()
    source.open()
    frames = [source.read() for _ in range(11)]
    source.interrupt()
    assert source.read() is None
    source.close()
    times = [frame.media_time for frame in frames]
    assert times == pytest.approx([i / 10 for i in range(11)])
    assert frames[0].image.shape == (120, 160, 3)
    assert frames[-1].captured_at - frames[0].captured_at == pytest.approx(1.0, abs=0.3 + lost_s() - before)
    assert not np.array_equal(frames[0].image, frames[5].image)


def test_an_http_stream_plays_in_real_time_to_its_end(web: str) -> None:
    source = open_source(web, CaptureOptions(fps=2, preview_fps=20))
    before = lost_s()
    source.open()
    frames = []
    while (frame := source.read()) is not None:
        frames.append(frame)
    source.close()
    assert len(frames) == 40
    assert frames[0].image.shape == (48, 64, 3)
    assert frames[-1].captured_at - frames[0].captured_at == pytest.approx(1.95, abs=0.2 + lost_s() - before)


def test_a_live_source_that_ends_is_told_of() -> None:
    pattern = "testsrc2=size=64x48:rate=30:duration=0.5,realtime"
    source = LiveVideo("pattern", CaptureOptions(fps=2), pattern, "lavfi")
    source.open()
    with pytest.raises(SourceError, match="pattern: it ended"):
        exhaust(source)
    source.close()


def test_a_source_slower_than_the_model_gives_its_last_picture_again() -> None:
    source = LiveVideo("slow", CaptureOptions(fps=4, preview_fps=4), "testsrc2=size=64x48:rate=1,realtime", "lavfi")
    before = lost_s()
    source.open()
    frames = [source.read() for _ in range(9)]
    source.close()
    apart = np.diff([frame.media_time for frame in frames])
    assert apart == pytest.approx(0.25)
    arrivals = sorted({frame.captured_at for frame in frames})
    assert 2 <= len(arrivals) <= 4
    assert np.diff(arrivals) == pytest.approx(1.0, abs=0.2 + lost_s() - before)


def test_a_stream_that_falls_silent_is_lost(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live_video, "SILENT_S", 0.7)
    data = transport_stream(3)

    def serve(server: socket.socket) -> None:
        connection, _ = server.accept()
        with connection:
            connection.sendall(b"HTTP/1.0 200 OK\r\nContent-Type: video/mp2t\r\n\r\n")
            for start in range(0, len(data), len(data) // 30):
                connection.sendall(data[start : start + len(data) // 30])
                time.sleep(0.1)
            connection.recv(10_000)
            connection.settimeout(8)
            connection.recv(1)

    with socket.create_server(("127.0.0.1", 0)) as server:
        sender = threading.Thread(target=serve, args=(server,))
        sender.start()
        url = f"http://127.0.0.1:{server.getsockname()[1]}/"
        source = LiveVideo("silent", CaptureOptions(fps=2), url, live=None)
        source.open()
        assert source.live
        with pytest.raises(SourceError, match="no picture for 1 s"):
            exhaust(source)
        source.close()
        sender.join()


def test_a_udp_stream_plays() -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as finder:
        finder.bind(("127.0.0.1", 0))
        port = finder.getsockname()[1]
    stop = threading.Event()
    data = transport_stream(8)

    def send() -> None:
        packet = 188 * 7
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as out:
            while not stop.is_set():
                for start in range(0, len(data), packet):
                    out.sendto(data[start : start + packet], ("127.0.0.1", port))
                    if stop.wait(0.004):
                        return

    sender = threading.Thread(target=send)
    sender.start()
    source = open_source(f"udp://127.0.0.1:{port}", CaptureOptions(fps=2, preview_fps=10))
    try:
        source.open()
        frames = [source.read() for _ in range(5)]
    finally:
        stop.set()
        sender.join()
        source.close()
    assert [frame.image.shape for frame in frames] == [(48, 64, 3)] * 5


def test_a_server_that_is_not_there() -> None:
    source = open_source("rtsp://user:secret@127.0.0.1:9/none", CaptureOptions())
    with pytest.raises(SourceError) as caught:
        source.open()
    source.close()
    assert "secret" not in str(caught.value)
    assert "\n" not in str(caught.value)


def test_stop_ends_the_opening_of_a_server_that_never_answers() -> None:
    with socket.create_server(("127.0.0.1", 0)) as server:
        source = open_source(f"http://127.0.0.1:{server.getsockname()[1]}/", CaptureOptions())
        threading.Timer(1.0, source.interrupt).start()
        begun = quiet_s()
        source.open()
        assert source.read() is None
        source.close()
        assert quiet_s() - begun < 2.0


def test_a_camera_that_is_not_there_names_those_that_are() -> None:
    source = open_source("camera:77", CaptureOptions())
    with pytest.raises(SourceError) as caught:
        source.open()
    source.close()
    found = cameras()
    assert (", ".join(found) if found else "no camera was found") in str(caught.value)
