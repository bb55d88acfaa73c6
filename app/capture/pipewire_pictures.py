"""Pictures of a PipeWire node, read by GStreamer in a process of its own."""

from __future__ import annotations

import os
import select
import shutil
import subprocess
import threading
import time
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING

from core.errors import SourceError

if TYPE_CHECKING:
    import numpy as np

PROGRAM = "gst-launch-1.0"
ELEMENTS = ("pipewiresrc", "videorate", "videoconvert", "y4menc", "fdsink")
HEADER = b"YUV4MPEG2 "
MAX_LINE = 256
MAX_SIDE = 16_384
ENDS_S = 2.0


@dataclass(frozen=True, slots=True)
class RawPicture:
    """One as it came.

    Attributes:
        number: counts from 1. arrived: monotonic seconds. size: width, height.
        planes: Y, U and V of 4:2:0, one after the other.
    """

    number: int
    arrived: float
    size: tuple[int, int]
    planes: bytes


class PipeWirePictures:
    """Keeps the newest picture of a node. A node sends one only when something has changed.

    The pictures come as YUV4MPEG2, of which each part says how large it is: a window may change its size.
    """

    def __init__(self, fd: int, node: int, rate: float) -> None:
        """fd: a connection to PipeWire, closed here. rate: pictures a second at most.

        Raises SourceError where GStreamer is not installed.
        """
        self.newest: RawPicture | None = None
        program = shutil.which(PROGRAM)
        try:
            if program is None:
                raise SourceError("The screen cannot be captured", f"no {PROGRAM}; see courtside doctor")
            command = [program, "-q", *_pipeline(fd, node, rate)]
            pipes = {"stdin": subprocess.DEVNULL, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
            self._process = subprocess.Popen(command, pass_fds=[fd], **pipes)  # type: ignore[call-overload]
        except BaseException:
            os.close(fd)
            raise
        self._fd = fd  # GStreamer hangs when PipeWire dies; the connection tells
        self._said: list[str] = []
        self._reader = threading.Thread(target=self._read, name="pipewire pictures")
        self._listener = threading.Thread(target=self._listen, name="pipewire errors")
        self._reader.start()
        self._listener.start()

    @property
    def ended(self) -> bool:
        """No more will come."""
        return not self._reader.is_alive() or self._hung_up()

    @property
    def why(self) -> str:
        """What GStreamer said last, once it has ended."""
        told = [line.partition("ERROR:")[2].strip() for line in self._said if "ERROR:" in line]
        return told[0] if told else "PipeWire has ended" if self._hung_up() else "the stream has ended"

    def close(self) -> None:
        """Once."""
        self._process.terminate()
        try:
            self._process.wait(ENDS_S)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        for thread in (self._reader, self._listener):
            thread.join()
        for pipe in (self._process.stdout, self._process.stderr):
            if pipe is not None:
                pipe.close()
        os.close(self._fd)

    def _hung_up(self) -> bool:
        watched = select.poll()
        watched.register(self._fd, 0)
        return bool(watched.poll(0))

    def _read(self) -> None:
        pipe = self._process.stdout
        assert pipe is not None
        size = (0, 0)
        while line := pipe.readline(MAX_LINE):
            if line.startswith(HEADER):
                size = size_in(line)
            elif not line.startswith(b"FRAME"):
                return
            elif (planes := pipe.read(bytes_of(size))) and len(planes) == bytes_of(size):
                number = 1 if self.newest is None else self.newest.number + 1
                self.newest = RawPicture(number, time.monotonic(), size, planes)

    def _listen(self) -> None:
        pipe: IO[bytes] | None = self._process.stderr
        assert pipe is not None
        for line in pipe:
            self._said = [*self._said[-20:], line.decode(errors="replace")]


def rgb(picture: RawPicture) -> np.ndarray:
    """uint8 (height, width, 3), C-contiguous; an odd last row or column is left out."""
    import av
    import numpy as np
    from av.video.reformatter import ColorRange, Colorspace

    width, height = picture.size
    half = ((height + 1) // 2, (width + 1) // 2)
    flat = np.frombuffer(picture.planes, np.uint8)
    luma = flat[: width * height].reshape(height, width)
    chroma = flat[width * height :].reshape(2, *half)
    even = (height // 2 * 2, width // 2 * 2)
    colours = chroma[:, : even[0] // 2, : even[1] // 2].reshape(-1)
    stacked = np.concatenate((luma[: even[0], : even[1]].reshape(-1), colours)).reshape(even[0] * 3 // 2, even[1])
    frame = av.VideoFrame.from_ndarray(stacked, format="yuv420p")
    told = {"src_colorspace": Colorspace.ITU601, "src_color_range": ColorRange.MPEG}
    return np.ascontiguousarray(frame.reformat(format="rgb24", **told).to_ndarray())


def missing_parts() -> list[str]:
    """What of GStreamer is not installed: names of programs and elements."""
    looker = shutil.which("gst-inspect-1.0")
    if shutil.which(PROGRAM) is None or looker is None:
        return [PROGRAM]
    silent = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}  # --exists denies plugins below 1.0
    return [name for name in ELEMENTS if subprocess.run([looker, name], **silent, check=False).returncode]  # type: ignore[call-overload]


def _pipeline(fd: int, node: int, rate: float) -> list[str]:
    """The newest picture waits while one is being read; what is not wanted is never converted."""
    source = ["pipewiresrc", f"fd={fd}", f"path={node}", "do-timestamp=true", "always-copy=true"]
    thinned = ["queue", "leaky=downstream", "max-size-buffers=1", "!", "videorate", f"max-rate={max(1, round(rate))}"]
    written = ["videoconvert", "!", "video/x-raw,format=I420,colorimetry=bt601", "!", "y4menc", "!", "fdsink", "fd=1"]
    return [*source, "!", *thinned, "drop-only=true", "!", *written, "sync=false"]


def size_in(header: bytes) -> tuple[int, int]:
    """Width and height in a line as `YUV4MPEG2 C420 W1920 H1080 Ip F30:1 A1:1`; 0, 0 where they make no sense."""
    told = {word[:1]: word[1:] for word in header.split()[1:]}
    sides = (told.get(b"W", b""), told.get(b"H", b""))
    if not all(side.isdigit() and 2 <= int(side) <= MAX_SIDE for side in sides):
        return 0, 0
    return int(sides[0]), int(sides[1])


def bytes_of(size: tuple[int, int]) -> int:
    """What a picture of that width and height takes in 4:2:0."""
    width, height = size
    return width * height + 2 * ((width + 1) // 2) * ((height + 1) // 2)
