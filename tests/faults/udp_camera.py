"""A camera that sends H.264 as an MPEG transport stream over UDP, with the time in its picture."""

from __future__ import annotations

import socket
import threading
import time
from fractions import Fraction

import av

from tests.faults.clock_camera import BITS, CELL, clock_picture

TICKS = 90_000
PLAIN = "force-cfr=1:b-adapt=0:rc-lookahead=0:sync-lookahead=0:sliced-threads=1:mbtree=0:scenecut=0"
"""x264 looks no further ahead than it must: not even to the next picture, for how long this one lasts."""


class UdpCamera:
    """Sends to a port of its own choice, which nobody need listen to.

    Attributes:
        url: where it sends.
    """

    def __init__(self, b_frames: int, fps: float = 30.0) -> None:
        """b_frames: sent after the picture that follows them; the encoder looks no further ahead."""
        with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as finder:
            finder.bind(("127.0.0.1", 0))
            self.url = f"udp://127.0.0.1:{finder.getsockname()[1]}"
        self._b_frames = b_frames
        self._fps = fps
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._send)
        self._thread.start()

    def cut(self) -> None:
        """Send no more."""
        self._stop.set()
        self._thread.join()

    def _send(self) -> None:
        options = {"preset": "ultrafast", "g": "15", "x264-params": f"bframes={self._b_frames}:{PLAIN}"}
        where = f"{self.url}?pkt_size=1316"
        with av.open(where, "w", format="mpegts", options={"flush_packets": "1"}) as container:
            stream = container.add_stream("libx264", rate=round(self._fps), options=options)
            stream.width, stream.height, stream.pix_fmt = BITS * CELL, 64, "yuv420p"
            stream.codec_context.time_base = Fraction(1, TICKS)
            begun = time.monotonic()
            sent = 0
            while not self._stop.wait(max(0.0, begun + sent / self._fps - time.monotonic())):
                frame = av.VideoFrame.from_ndarray(clock_picture(), format="rgb24").reformat(format="yuv420p")
                frame.pts = round((time.monotonic() - begun) * TICKS)
                frame.time_base = Fraction(1, TICKS)
                container.mux(stream.encode(frame))
                sent += 1
