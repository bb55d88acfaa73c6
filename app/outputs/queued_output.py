"""The base of outputs that do I/O: a bounded queue and a thread of their own."""

from __future__ import annotations

import logging
import threading
from abc import ABC, abstractmethod
from collections import deque

from core.messages import Message, Piece

CAPACITY = 256
"""Messages that may wait; a round has about ten, most of them pieces."""
CLOSE_WITHIN_S = 2.0
"""How long `close` waits for what is still queued."""

log = logging.getLogger(__name__)


class QueuedOutput(ABC):
    """Messages wait in a queue until a thread of this output hands them to `write`.

    `handle` returns at once. When the queue is full, the oldest piece of a line is dropped, else the oldest message:
    they are counted, the stream is not held up. With `waits` (for a stream that is not live) nothing is dropped; the
    stream is held back instead, as by a full pipe.

    An error of `write` is raised by the next `handle`, or by `close`, so that the output is switched off.

    Attributes:
        name: what a person calls it.
        dropped: messages that did not fit into the queue.
    """

    name: str

    def __init__(self, *, capacity: int = CAPACITY, waits: bool = False) -> None:
        self.dropped = 0
        self._capacity = capacity
        self._waits = waits
        self._queue: deque[Message] = deque()
        self._changed = threading.Condition()
        self._closing = False
        self._error: Exception | None = None
        self._thread = threading.Thread(target=self._run, name=type(self).__name__, daemon=True)

    @abstractmethod
    def write(self, message: Message) -> None:
        """Put one message out. Runs in this output's thread and may take its time; an error switches the output off."""

    def begin(self) -> None:  # noqa: B027 few need it
        """Get hold of what is needed; runs in this output's thread before the first message."""

    def end(self) -> None:  # noqa: B027 as above
        """Let go of it; runs in this output's thread after the last message, also after an error."""

    def wants(self, message: Message) -> bool:
        """Whether a message is to be queued at all; runs in the stream's thread."""
        return True

    def handle(self, message: Message) -> None:
        with self._changed:
            self._raise_error()
            if not self.wants(message):
                return
            if self._thread.ident is None:
                self._thread.start()
            if self._waits:
                self._changed.wait_for(lambda: len(self._queue) < self._capacity or self._error or self._closing)
            elif len(self._queue) == self._capacity:
                self._drop_one()
            self._queue.append(message)
            self._changed.notify_all()

    def close(self) -> None:
        """Lets the thread write what is queued, within CLOSE_WITHIN_S seconds unless it `waits`. Raises its error."""
        with self._changed:
            self._closing = True
            self._changed.notify_all()
        if self._thread.ident is not None and self._thread is not threading.current_thread():
            self._thread.join(None if self._waits else CLOSE_WITHIN_S)
            if self._thread.is_alive():
                self._abandon()
        self._raise_error()

    @property
    def stuck(self) -> bool:
        """Whether the thread is still writing, after `close`."""
        return self._closing and self._thread.is_alive()

    def _abandon(self) -> None:
        """What still waits is given up; the thread ends with the message it is writing."""
        with self._changed:
            log.info("%s: %d messages were not written in time", self.name, len(self._queue))
            self._queue.clear()

    def _raise_error(self) -> None:
        if self._error is not None:
            error = self._error
            self._error = None
            raise error

    def _drop_one(self) -> None:
        oldest = next((waiting for waiting in self._queue if isinstance(waiting, Piece)), self._queue[0])
        self._queue.remove(oldest)
        self.dropped += 1

    def _next(self) -> Message | None:
        """The oldest message, waiting for one; None when no more come."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closing)
            if not self._queue:
                return None
            message = self._queue.popleft()
            self._changed.notify_all()
            return message

    def _run(self) -> None:
        try:
            self.begin()
            try:
                while (message := self._next()) is not None:
                    self.write(message)
            finally:
                self.end()
        except Exception as error:  # noqa: BLE001 - raised again where the stream hands over its next message
            with self._changed:
                self._error = error
                self._queue.clear()
                self._changed.notify_all()
