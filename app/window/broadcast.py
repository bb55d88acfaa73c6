"""One run of the stream from Start to its last message, begun off the GUI thread."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable

from app.session.take import Take
from core.errors import CourtsideError, SessionError
from core.messages import Command, Failure, Finished, Message
from core.types import Frame

log = logging.getLogger(__name__)


class Broadcast:
    """Builds and starts a stream in a short-lived thread, so that a slow import never holds the window up.

    Whatever happens, the last message heard is `Finished`.

    Attributes:
        frames_in: pictures that went to the model.
    """

    def __init__(self, build: Callable[[], Take], hear: Callable[[Message], None]) -> None:
        """`build` runs in the starting thread; `hear` is called from it when the stream never came to be."""
        self._build = build
        self._hear = hear
        self._lock = threading.Lock()
        self._take: Take | None = None
        self._stopped = False
        self._commands: list[Command] = []
        self._starter = threading.Thread(target=self._start, name="starter", daemon=True)

    @property
    def frames_in(self) -> int:
        take = self._take
        return take.stream.mailbox.frames_in if take is not None else 0

    def start(self) -> None:
        self._starter.start()

    def latest(self) -> Frame | None:
        """The newest picture, for the preview."""
        take = self._take
        return take.stream.mailbox.latest() if take is not None else None

    def send(self, command: Command) -> None:
        """A command for the next round, also before there is any."""
        with self._lock:
            take = self._take
            if take is None:
                self._commands.append(command)
                return
        self._put(take, command)

    def pause(self, paused: bool) -> None:
        """Nothing reaches the engine until it is resumed. Does nothing before there is a stream."""
        if (take := self._take) is not None:
            if paused:
                take.stream.pause()
            else:
                take.stream.resume()

    def request_stop(self) -> None:
        """Ends soon; `Finished` tells when."""
        with self._lock:
            self._stopped = True
            if self._take is not None:
                self._take.stream.request_stop()

    def join(self) -> None:
        """Waits until every thread of the run has ended."""
        self._starter.join()
        if self._take is not None:
            self._take.stream.join()

    def _start(self) -> None:
        try:
            take = self._build()
        except CourtsideError as error:
            self._end(Failure(error.title, error.message))
        except Exception as error:
            log.error("the stream could not be built", exc_info=error)
            self._end(Failure("The stream could not start", f"{type(error).__name__}: {error}"))
        else:
            self._run(take)

    def _run(self, take: Take) -> None:
        with self._lock:
            if not self._stopped:
                self._take = take
                take.stream.start()
                for command in self._commands:
                    self._put(take, command)
                return
        if take.recorder is not None:
            take.recorder.close()
        self._hear(Finished(0))

    def _put(self, take: Take, command: Command) -> None:
        try:
            take.send(command)
        except SessionError as error:
            self._hear(Failure(error.title, error.message, fatal=False))

    def _end(self, failure: Failure) -> None:
        self._hear(failure)
        self._hear(Finished(0))
