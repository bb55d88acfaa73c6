"""A camera on the loopback with the time in its picture, that can be cut, stopped and started again."""

from __future__ import annotations

import io
import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import numpy as np
from PIL import Image

BITS = 24
CELL = 16
"""Pixels of a square that shows one bit of the milliseconds."""


def clock_picture() -> np.ndarray:
    """uint8 RGB (64, 384, 3): monotonic milliseconds as black and white squares."""
    now = int(time.monotonic() * 1000)
    image = np.full((64, BITS * CELL, 3), (40, 60, 80), np.uint8)
    for bit in range(BITS):
        image[:32, bit * CELL : (bit + 1) * CELL] = 255 * (now >> bit & 1)
    return image


def taken_at(image: np.ndarray) -> float:
    """Monotonic seconds that a clock picture shows."""
    squares = image[16, CELL // 2 :: CELL][:BITS].mean(axis=1)
    shown = sum(1 << bit for bit in range(BITS) if squares[bit] > 128)
    now = int(time.monotonic() * 1000)
    return (now - ((now - shown) & ((1 << BITS) - 1))) / 1000


class ClockCamera:
    """Serves MJPEG at `fps` on a port that stays the same.

    Attributes:
        url: where.  sends: while cleared, connections stay open and silent.
    """

    def __init__(self, fps: float = 15.0) -> None:
        self.fps = fps
        self.sends = threading.Event()
        self.sends.set()
        self._cut = threading.Event()
        self._port = 0
        self._server: ThreadingHTTPServer | None = None
        self._thread: threading.Thread | None = None
        self.start()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}/camera"

    def start(self) -> None:
        """Listen, and accept whoever comes."""
        camera = self
        self._cut.clear()

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                self.send_response(200)
                self.send_header("Content-Type", "multipart/x-mixed-replace; boundary=frame")
                self.end_headers()
                camera.feed(self.wfile)

            def log_message(self, *args: object) -> None:
                pass

        ThreadingHTTPServer.allow_reuse_address = True
        self._server = ThreadingHTTPServer(("127.0.0.1", self._port), Handler)
        self._server.daemon_threads = False
        self._port = self._server.server_port
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02})
        self._thread.start()

    def feed(self, out: Any) -> None:
        """Pictures until the camera is cut or the other side goes."""
        try:
            while not self._cut.wait(1 / self.fps):
                if self.sends.is_set():
                    encoded = io.BytesIO()
                    Image.fromarray(clock_picture()).save(encoded, "JPEG", quality=90)
                    data = encoded.getvalue()
                    head = b"--frame\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n" % len(data)
                    out.write(head + data + b"\r\n")
                    out.flush()
        except OSError:
            pass

    def cut(self) -> None:
        """End every connection and refuse new ones."""
        self._cut.set()
        if self._server is not None and self._thread is not None:
            self._server.shutdown()
            self._server.server_close()
            self._thread.join()
            self._server = None
