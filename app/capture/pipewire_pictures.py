"""Pictures of a PipeWire node, read by GStreamer in a process of its own."""

from __future__ import annotations

import io
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
ELEMENTS = ("pipewiresrc", "videorate", "videoconvert", "jpegenc", "multipartmux", "fdsink")
QUALITY = 95
LENGTH = b"content-length:"
MAX_LINE = 256
MAX_BYTES = 64 << 20
ENDS_S = 2.0


@dataclass(frozen=True, slots=True)
class CodedPicture:
    """One as it came.

    Attributes:
        number: counts from 1. arrived: monotonic seconds. jpeg: its bytes, which say how large it is.
    """

    number: int
    arrived: float
    jpeg: bytes


class PipeWirePictures:
    """Keeps the newest picture of a node. A node sends one only when something has changed.

    Each comes as a JPEG of its own: a window may change its size at any moment, and raw pictures do not say theirs.
    """

    def __init__(self, fd: int, node: int, rate: float) -> None:
        """fd: a connection to PipeWire, closed here. rate: pictures a second at most.

        Raises SourceError where GStreamer is not installed.
        """
        self.newest: CodedPicture | None = None
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
        while (length := _length_of_next(pipe)) and len(jpeg := pipe.read(length)) == length:
            number = 1 if self.newest is None else self.newest.number + 1
            self.newest = CodedPicture(number, time.monotonic(), jpeg)

    def _listen(self) -> None:
        pipe: IO[bytes] | None = self._process.stderr
        assert pipe is not None
        for line in pipe:
            self._said = [*self._said[-20:], line.decode(errors="replace")]


def rgb(picture: CodedPicture) -> np.ndarray:
    """uint8 (height, width, 3), C-contiguous."""
    import numpy as np
    from PIL import Image

    with Image.open(io.BytesIO(picture.jpeg), formats=["JPEG"]) as image:
        return np.ascontiguousarray(image.convert("RGB"))


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
    coded = ["videoconvert", "!", "video/x-raw,format=RGB", "!", "jpegenc", f"quality={QUALITY}", "!", "multipartmux"]
    written = [*coded, "!", "fdsink", "fd=1"]
    return [*source, "!", *thinned, "drop-only=true", "!", *written, "sync=false"]


def _length_of_next(pipe: IO[bytes]) -> int:
    """Bytes of the picture that follows, its headers (as of MIME's multipart) read; 0 at the end."""
    length = 0
    while line := pipe.readline(MAX_LINE):
        value = line[len(LENGTH) :].strip()
        if line.lower().startswith(LENGTH) and value.isdigit():
            length = min(int(value), MAX_BYTES)
        elif length and not line.strip():
            return length
    return 0
