"""One run of the stream from Start to its last message, begun off the GUI thread."""

from __future__ import annotations

import gc
import logging
import threading
from collections.abc import Callable

from app.bridge.mailbox import FrameCounts
from app.bridge.stream import Stream
from app.capture.source import SeekableSource
from core.errors import CourtsideError
from core.heaps import trim_heaps
from core.messages import Command, Failure, Finished, Message
from core.types import Frame

log = logging.getLogger(__name__)


class StreamSession:
    """Builds and starts a stream in a short-lived thread, so that a slow import never holds the window up.

    Whatever happens, the last message is `Finished`.

    Attributes:
        frame_counts: of the stream, all 0 before it is there.
    """

    def __init__(self, build: Callable[[], Stream], on_message: Callable[[Message], None]) -> None:
        """`build` runs in the starting thread; `on_message` is called from it when the stream never came to be."""
        self._build = build
        self._on_message = on_message
        self._lock = threading.Lock()
        self._stream: Stream | None = None
        self._stopped = False
        self._commands: list[Command] = []
        self._deeds: list[Callable[[Stream], None]] = []
        self._starter = threading.Thread(target=self._start, name="starter", daemon=True)

    @property
    def frame_counts(self) -> FrameCounts:
        stream = self._stream
        return stream.frame_counts() if stream is not None else FrameCounts()

    @property
    def film(self) -> SeekableSource | None:
        """Where one can go back and forth in what is watched."""
        stream = self._stream
        return stream.film if stream is not None else None

    def start(self) -> None:
        self._starter.start()

    def latest(self) -> Frame | None:
        """The newest picture, for the preview."""
        stream = self._stream
        return stream.mailbox.latest() if stream is not None else None

    def send(self, command: Command) -> None:
        """A command for the next round, also before there is any."""
        with self._lock:
            stream = self._stream
            if stream is None:
                self._commands.append(command)
                return
        stream.send(command)

    def pause(self, paused: bool) -> None:
        """Nothing reaches the engine until it is resumed, also before there is a stream."""
        self._do(Stream.pause if paused else Stream.resume)

    def panic(self) -> None:
        """Clears every output and pauses, also before there is a stream."""
        self._do(Stream.panic)

    def switch_speech(self, on: bool) -> None:
        """Whether the voice speaks, also before there is a stream."""
        self._do(lambda stream: stream.switch_speech(on))

    def mark(self) -> None:
        """Marks this moment in the recording. Does nothing before there is a stream."""
        if (stream := self._stream) is not None:
            stream.mark()

    def switch(self, build: Callable[[Stream], Stream]) -> bool:
        """Another stream in the place of the one that runs, made by `build` from that in a thread.

        False where none runs, or it is being replaced already. What cannot be is told, and the old one goes on.
        """
        with self._lock:
            stream = self._stream
            if stream is None or self._stopped or self._starter.is_alive():
                return False
            self._starter = threading.Thread(target=self._replace, args=(build, stream), name="starter", daemon=True)
            self._starter.start()
        return True

    def request_stop(self) -> None:
        """Ends soon, without waiting; `Finished` is its last message."""
        with self._lock:
            self._stopped = True
            if self._stream is not None:
                self._stream.request_stop()

    def join(self) -> None:
        """Waits until every thread of the run has ended; its memory goes back to the system.

        From the GUI thread: widgets that only refer to each other may go with it.
        """
        self._starter.join()
        if self._stream is not None:
            self._stream.join()
        gc.collect()
        trim_heaps()

    def _do(self, deed: Callable[[Stream], None]) -> None:
        with self._lock:
            stream = self._stream
            if stream is None:
                self._deeds.append(deed)
                return
        deed(stream)

    def _replace(self, build: Callable[[Stream], Stream], stream: Stream) -> None:
        try:
            following = build(stream)
        except CourtsideError as error:
            self._on_message(Failure(error.title, error.message, fatal=False))
            return
        trim_heaps()
        with self._lock:
            self._stream = following
            if not self._stopped:
                following.start()
                return
        self._on_message(Finished(following.rounds))

    def _start(self) -> None:
        try:
            stream = self._build()
        except CourtsideError as error:
            self._end(Failure(error.title, error.message))
        except Exception as error:
            log.error("the stream could not be built", exc_info=error)
            self._end(Failure("The stream could not start", f"{type(error).__name__}: {error}"))
        else:
            self._run(stream)

    def _run(self, stream: Stream) -> None:
        with self._lock:
            if not self._stopped:
                self._stream = stream
                for deed in self._deeds:
                    deed(stream)
                stream.start()
                for command in self._commands:
                    stream.send(command)
                return
        self._on_message(Finished(0))

    def _end(self, failure: Failure) -> None:
        self._on_message(failure)
        self._on_message(Finished(0))
