"""The process that opens and decodes one address or file. What hangs or dies in it is left behind with it.

It first sends `Opened` or `Lost`. Then it answers each number of a picture with the newest later one (live) or the one
that follows (stored), None where there is none yet, or `Lost` when no more will come. Pictures go through
`PictureMemory` where there is one.
"""

from __future__ import annotations

import errno
import os
import signal
import sys
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from app.capture.decoder_messages import Answer, Lost, Opened, Picture, Recipe
from app.capture.media_clock import MediaClock
from app.capture.packet_stream import PacketStream
from core.errors import SourceError, missing_library
from core.heaps import limit_heaps
from core.parent_process import end_with_parent
from core.video.av_errors import is_want_of_resources, reason
from core.video.picture import as_decoded
from core.video.reader import VideoReader

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

    import numpy as np

    from app.capture.picture_memory import PictureMemory
    from app.capture.sound_tap import SoundTap
    from core.raw_picture import RawPicture

MAX_MEMORY = 4 << 30
"""Bytes of address space."""
MOST_HEAPS = 2
"""Each takes address space."""
LIFE_S = 1.0
"""When a stored film's next picture takes longer, whoever asked is told that it is being worked on."""
IN_PARTS = ("hls", "dash", "concat", "image2")
"""Formats that open further files as they go."""


def serve(connection: Connection, recipe: Recipe, memory: PictureMemory | None, parent: int) -> None:
    """The process: until the other side hangs up."""
    end_with_parent(parent)
    limit_process()
    with suppress(OSError, EOFError):
        pictures: _Film | _Newest
        try:
            pictures = _opened(recipe, lambda: connection.send(None))
        except SourceError as error:
            connection.send(Lost(error.title, error.message))
            return
        connection.send(Opened(isinstance(pictures, _Film), pictures.duration))
        while True:
            number: int = connection.recv()
            connection.send(_placed(_answer(pictures, number, recipe), memory))
            if isinstance(pictures, _Film) and recipe.file:
                open_nothing_more(pictures.form)
    os._exit(0)  # a thread that reads for ever must not hold it up


def limit_process() -> None:
    """Nothing is written, memory is bounded; Ctrl-C and a terminal that closes are for the parent to hear."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    os.environ["OPENBLAS_NUM_THREADS"] = "1"  # NumPy's, each of which takes address space
    limit_heaps(MOST_HEAPS)
    if sys.platform != "win32":
        import resource

        signal.signal(signal.SIGHUP, signal.SIG_IGN)
        signal.pthread_sigmask(signal.SIG_SETMASK, set())
        for what, most in ((resource.RLIMIT_AS, MAX_MEMORY), (resource.RLIMIT_FSIZE, 0), (resource.RLIMIT_CORE, 0)):
            with suppress(ValueError, OSError):
                resource.setrlimit(what, (most, most))


def open_nothing_more(form: str) -> None:
    """From here on the process can open no file and no connection. `form`: the container's, as FFmpeg calls it."""
    if sys.platform != "win32" and not form.startswith(IN_PARTS):
        import resource

        resource.setrlimit(resource.RLIMIT_NOFILE, (0, 0))


def _opened(recipe: Recipe, alive: Callable[[], None]) -> _Film | _Newest:
    """Raises SourceError."""
    try:
        if recipe.file:
            reader = VideoReader(Path(recipe.url))
            reader.seek(recipe.begin_s)
            return _Film(reader, recipe, alive)
        stream = PacketStream(recipe)
        if not stream.stored:
            return _Newest(stream)
        reader = VideoReader.of(stream.container, recipe.name, stream.frames())
        if reader.seek(recipe.begin_s):
            stream.begin_anew()
        return _Film(reader, recipe, alive, stream.sound)
    except SourceError:
        raise
    except ModuleNotFoundError as error:
        raise missing_library(error) from error
    except Exception as error:  # whatever an input does to FFmpeg's binding
        raise SourceError("", reason(error)) from error


def _answer(pictures: _Film | _Newest, number: int, recipe: Recipe) -> Answer:
    try:
        return pictures.later_than(number)
    except SourceError as error:
        return Lost(error.title, error.message)
    except Exception as error:  # noqa: BLE001 - the same
        if is_want_of_resources(error):  # a process that begins anew may have enough
            os._exit(1)
        return Lost("The source was lost", f"{recipe.name}: {reason(error)}")


def _placed(answer: Answer, memory: PictureMemory | None) -> Answer:
    if memory is None or not isinstance(answer, Picture):
        return answer
    return replace(memory.put(answer.number, answer.seconds, answer.pixels), sound=answer.sound)


class _Film:
    """A stored one: each picture once, in order."""

    def __init__(
        self, reader: VideoReader, recipe: Recipe, alive: Callable[[], None], sound: SoundTap | None = None
    ) -> None:
        """sound: what is heard of it, to go with its pictures."""
        self.duration = reader.duration
        self._reader = reader
        self._frames = reader.frames_at_rate(recipe.rate, self._decoded, begin_s=recipe.begin_s)
        self._shown: tuple[Any, np.ndarray | RawPicture] | None = None  # the last frame, and what is shown of it
        self._alive = alive
        self._sound = sound
        self._is_file = recipe.file
        self._told_at = 0.0

    def later_than(self, number: int) -> Picture | Lost:
        self._told_at = time.monotonic()
        following = None
        try:
            following = next(self._frames, None)
        except SourceError:
            if self._is_file or not self._reader.broke_off:
                raise
        if following is None and not self._is_file and self._reader.broke_off:
            return Lost("", f"{self._reader.name}: {self._reader.broke_off}", away=True)
        if following is None:
            return Lost("", self._reader.warning)
        seconds, frame = following
        if self._shown is not None and self._shown[0] is frame:
            return Picture(number + 1, seconds, self._shown[1])
        self._shown = (frame, as_decoded(frame, self._reader.pixel_ratio))
        sound = None if self._sound is None or frame.time is None else self._sound.until(frame.time)
        return Picture(number + 1, seconds, self._shown[1], sound)

    @property
    def form(self) -> str:
        return self._reader.form

    def _decoded(self) -> None:
        """A frame has been decoded, whether or not it is wanted."""
        now = time.monotonic()
        if now - self._told_at > LIFE_S:
            self._told_at = now
            self._alive()


class _Newest:
    """Reads a live stream as fast as it comes, in a thread, and keeps the newest frame; only those asked for are
    converted."""

    duration = None

    def __init__(self, stream: PacketStream) -> None:
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
        frame, arrived = newest
        try:
            pixels = as_decoded(frame, self._stream.track.sample_aspect_ratio)
        except SourceError as error:
            return Lost(error.title, error.message)
        tap = self._stream.sound
        sound = None if tap is None or frame.time is None else tap.until(frame.time)
        return Picture(current, arrived, pixels, sound)

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
