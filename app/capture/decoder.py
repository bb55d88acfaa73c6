"""The process that opens and decodes one address. What hangs or dies in it is left behind with it.

It first sends `Opened` or `Lost`. Then it answers each number of a picture with the newest later one (live) or the one
that follows (stored), None where there is none yet, or `Lost` when no more will come.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
from collections import deque
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import chain
from typing import TYPE_CHECKING, Any

from app.capture.media_clock import MediaClock
from core.errors import SourceError
from core.video.av_errors import reason
from core.video.reader import VideoReader, picture_track

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np

OPEN_TIMEOUT_S = 10.0
READ_TIMEOUT_S = 60.0
"""Whoever asks has given up long before."""
LOOK_S = 1.0
AHEAD_S = 5.0
"""What comes this much faster than real time within LOOK_S is stored."""
QUEUED_S = 0.003
"""A packet that is read sooner than that was there already."""
HELD_PACKETS = {"mpegts": 2, "h264": 1, "hevc": 1, "mjpeg": 1, "mpegvideo": 1, "m4v": 1}
"""Formats that do not say where a picture ends: it is given out when so many later ones have begun."""
MAX_MEMORY = 4 << 30
"""Bytes of address space."""
REMEMBERED = 256
"""Packets whose arrival is remembered until their picture is decoded."""


@dataclass(frozen=True, slots=True)
class Recipe:
    """What to open.

    Attributes:
        name: for people.  url, form, options: for FFmpeg; `form` is its input device, or None.
        rate: pictures a second wanted of a stored one.
        live: whether it is known to go on by itself; None: to be found out.
    """

    name: str
    url: str
    form: str | None = None
    options: dict[str, str] = field(default_factory=dict)
    rate: float = 30.0
    live: bool | None = None


@dataclass(frozen=True, slots=True)
class Opened:
    """stored: it can wait, and its end is its end."""

    stored: bool


@dataclass(frozen=True, slots=True, eq=False)
class Picture:
    """A decoded picture.

    Attributes:
        number: counts up.  seconds: when the first byte of it was there (live; monotonic), or media time (stored).
        image: uint8 RGB (height, width, 3).
    """

    number: int
    seconds: float
    image: np.ndarray


@dataclass(frozen=True, slots=True)
class Lost:
    """No more pictures.

    Attributes:
        title: "" where the address could not be opened, or a stored one has ended.
        why: in words; "" where it has ended well.
    """

    title: str
    why: str


Answer = Opened | Picture | Lost | None


def serve(connection: Connection, recipe: Recipe) -> None:
    """The process: until the other side hangs up."""
    _limit()
    with suppress(OSError, EOFError):
        try:
            stream = _Stream(recipe)
        except SourceError as error:
            connection.send(Lost(error.title, error.message))
            return
        connection.send(Opened(stream.stored))
        pictures = _Film(stream, recipe) if stream.stored else _Newest(stream)
        while True:
            number: int = connection.recv()
            connection.send(pictures.later_than(number))
    os._exit(0)  # a thread that reads for ever must not hold it up


def _limit() -> None:
    """No files, bounded memory, and Ctrl-C is for the parent to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    if sys.platform != "win32":
        import resource

        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        for what, most in ((resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))


class _Stream:
    """An open container and how its packets come.

    Attributes:
        stored: it can wait.  paced: it comes in pieces of some seconds (HLS), to be shown in real time.
    """

    def __init__(self, recipe: Recipe) -> None:
        """Raises SourceError."""
        import av

        self.name = recipe.name
        try:
            self.container = av.open(
                recipe.url,
                format=recipe.form,
                options=recipe.options,
                timeout=(OPEN_TIMEOUT_S, READ_TIMEOUT_S),
                metadata_errors="replace",
            )
            self.track = picture_track(self.container, recipe.name)
            self.track.thread_type = "SLICE"  # threads by frame would hold several frames back
            self.packets: Iterator[Any] = self.container.demux(self.track)
            self._find_out(recipe.live)
        except (av.error.FFmpegError, OSError, ValueError, MemoryError) as error:
            raise SourceError("", reason(error)) from error

    def _find_out(self, live: bool | None) -> None:
        form = self.container.format.name
        self.paced = "hls" in form or "dash" in form
        if live is not None:
            self.stored = not live
        elif self.paced:
            self.stored = bool(self.container.duration)
        elif form == "mpjpeg":
            self.stored = False
        else:
            self.stored = self.container.size > 0 or self._comes_at_once()

    def _comes_at_once(self) -> bool:
        """Whether packets come faster than real time. Keeps those that it looks at."""
        looked_at: list[Any] = []
        begun = time.monotonic()
        stored = True  # when it ends right away
        for packet in self.packets:
            looked_at.append(packet)
            span = _span_s(looked_at)
            waited = time.monotonic() - begun
            if waited > LOOK_S or span > waited + AHEAD_S:
                stored = span > waited + AHEAD_S
                break
        self.packets = chain(looked_at, self.packets)
        return stored

    def frames(self) -> Iterator[Any]:
        """The pictures. A packet that cannot be decoded is passed over."""
        for packet in self.packets:
            yield from _decoded(packet)

    def frames_that_arrive(self) -> Iterator[tuple[Any, float]]:
        """(frame, monotonic seconds at which its first bytes were there), without those that had arrived before anybody
        looked: how old these are is not known."""
        arrivals: dict[int | None, float] = {}
        begun = time.monotonic()
        before = begun
        queued = not self.paced
        came = deque([begun], maxlen=1 + HELD_PACKETS.get(self.container.format.name, 0))
        for packet in self.packets:
            now = time.monotonic()
            came.append(now)
            queued = queued and now - before < QUEUED_S and now - begun < LOOK_S
            if not queued:
                arrivals[packet.pts] = came[0]
            if len(arrivals) > REMEMBERED:
                del arrivals[next(iter(arrivals))]
            for frame in _decoded(packet):
                if not queued:
                    yield frame, arrivals.get(frame.pts, came[0])
            before = time.monotonic()


def _decoded(packet: Any) -> list[Any]:
    import av

    try:
        return list(packet.decode())
    except av.error.InvalidDataError:
        return []


def _span_s(packets: list[Any]) -> float:
    """Seconds of film that the packets hold."""
    stamps = [packet.dts for packet in (packets[0], packets[-1])]
    if None in stamps:
        return 0.0
    return float((stamps[1] - stamps[0]) * packets[0].time_base)


class _Film:
    """A stored one: each picture once, in order."""

    def __init__(self, stream: _Stream, recipe: Recipe) -> None:
        self._reader = VideoReader.of(stream.container, recipe.name, stream.frames())
        self._pictures = self._reader.at_rate(recipe.rate)

    def later_than(self, number: int) -> Picture | Lost:
        try:
            seconds, image = next(self._pictures)
        except StopIteration:
            return Lost("", self._reader.warning)
        except SourceError as error:
            return Lost(error.title, error.message)
        return Picture(number + 1, seconds, image)


class _Newest:
    """Reads a live stream as fast as it comes, in a thread, and keeps the newest frame; only those asked for are
    converted."""

    def __init__(self, stream: _Stream) -> None:
        self._stream = stream
        self._lock = threading.Lock()
        self._number = 0
        self._frame: tuple[Any, float] | None = None
        self._lost: Lost | None = None
        threading.Thread(target=self._read, name="decoder", daemon=True).start()

    def later_than(self, number: int) -> Picture | Lost | None:
        with self._lock:
            current = self._number
            newest = self._frame
        if newest is None or current <= number:
            return self._lost
        from core.video.picture import upright

        frame, arrived = newest
        try:
            return Picture(current, arrived, upright(frame, self._stream.track.sample_aspect_ratio))
        except SourceError as error:
            return Lost(error.title, error.message)

    def _read(self) -> None:
        import av

        clock = MediaClock()
        try:
            for frame, arrived in self._stream.frames_that_arrive():
                if self._stream.paced:
                    time.sleep(max(clock.ahead(clock.at(frame.time, arrived), arrived), 0.0))
                    arrived = time.monotonic()
                with self._lock:
                    self._number += 1
                    self._frame = (frame, arrived)
            why = "it ended"
        except (av.error.FFmpegError, OSError, MemoryError) as error:
            ended = isinstance(error, EOFError) or getattr(error, "errno", 0) == errno.EIO  # FFmpeg's word for a cut
            why = "it ended" if ended else reason(error)
        self._lost = Lost("The source was lost", f"{self._stream.name}: {why}")
