"""A camera with the time in its picture behind a real RTSP server, that can be cut, silenced and started again."""

from __future__ import annotations

import socket
import subprocess
import threading
import time
from fractions import Fraction
from pathlib import Path

import av

from tests.faults.clock_camera import BITS, CELL, clock_picture
from tests.faults.udp_camera import PLAIN

SYSTEM_PYTHON = "/usr/bin/python3"
SERVER = Path(__file__).with_name("rtsp_server.py")
NEEDED = "import gi; gi.require_version('GstRtspServer', '1.0'); gi.require_version('GstApp', '1.0')"
NANOSECOND = Fraction(1, 1_000_000_000)


def installed() -> bool:
    """Whether the system has the server."""
    try:
        return subprocess.run([SYSTEM_PYTHON, "-c", NEEDED], capture_output=True, check=False).returncode == 0
    except FileNotFoundError:
        return False


class RtspCamera:
    """Sends H.264, and over the same port when it is started again.

    Attributes:
        url: where.  sends: while cleared, connections stay open and silent.
    """

    def __init__(self, b_frames: int, fps: float = 30.0, login: tuple[str, ...] = ()) -> None:
        """login: user and password that the server asks for."""
        with socket.socket() as finder:
            finder.bind(("127.0.0.1", 0))
            self._port = finder.getsockname()[1]
        self.url = f"rtsp://127.0.0.1:{self._port}/camera"
        self.sends = threading.Event()
        self.sends.set()
        self._b_frames = b_frames
        self._fps = fps
        self._login = login
        self._stop = threading.Event()
        self.start()

    def start(self) -> None:
        """Listen, and film."""
        self._stop.clear()
        command = [SYSTEM_PYTHON, str(SERVER), str(self._port), *self._login]
        self._server = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        assert self._server.stdout is not None
        assert self._server.stdout.readline() == b"serves\n"
        self._thread = threading.Thread(target=self._film)
        self._thread.start()

    def cut(self) -> None:
        """The server is gone, with every connection."""
        self._stop.set()
        self._thread.join()
        self._server.kill()
        self._server.communicate()

    def _film(self) -> None:
        coder = av.CodecContext.create("libx264", "w")
        coder.width, coder.height, coder.pix_fmt = BITS * CELL, 64, "yuv420p"
        coder.time_base, coder.framerate = NANOSECOND, Fraction(self._fps)
        coder.options = {"preset": "ultrafast", "g": "15", "x264-params": f"bframes={self._b_frames}:{PLAIN}"}
        begun = time.monotonic()
        taken = 0
        whole = True
        while not self._stop.wait(max(0.0, begun + taken / self._fps - time.monotonic())):
            frame = av.VideoFrame.from_ndarray(clock_picture(), format="rgb24").reformat(format="yuv420p")
            frame.pts = time.monotonic_ns()
            frame.time_base = NANOSECOND
            for packet in coder.encode(frame):
                whole = self.sends.is_set() and (whole or packet.is_keyframe)  # else pictures lack what they refer to
                if whole:
                    self._hand_over(packet)
            taken += 1

    def _hand_over(self, packet: av.Packet) -> None:
        assert self._server.stdin is not None
        data = bytes(packet)
        self._server.stdin.write(packet.pts.to_bytes(8, "big") + len(data).to_bytes(4, "big") + data)
        self._server.stdin.flush()
