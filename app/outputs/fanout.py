"""One stream's messages to all of its outputs, none of which can harm the stream or another output."""

from __future__ import annotations

import logging
import threading
from collections import deque
from collections.abc import Sequence
from typing import TYPE_CHECKING

from core.errors import CourtsideError
from core.messages import Failure, Finished, Message

if TYPE_CHECKING:
    from app.outputs.output import Output

log = logging.getLogger(__name__)


class Fanout:
    """Hands every message to each output in turn; `handle` is what a `Stream` is given as `on_message`.

    Outputs that were added come first, in the order of `add`, those given at construction (which show messages to a
    person) last. So what is seen has been recorded, and `Finished` is shown only when the other outputs are closed.
    An output that raises is switched off; the others get a `Failure` that is not fatal. May be used from any
    thread: messages are handed out one at a time.
    """

    def __init__(self, shown_by: Sequence[Output] = ()) -> None:
        self._added: list[Output] = []
        self._shown_by = list(shown_by)
        self._lock = threading.RLock()
        self._waiting: deque[Message] = deque()
        self._handing_out = False
        self._ended = False

    def add(self, output: Output, told: Sequence[Message] = ()) -> None:
        """One more output, behind those added before and in front of those that show; closed at once after `Finished`.

        told: what it gets first, and alone.
        """
        with self._lock:
            self._added.append(output)
            for message in told:
                self._call(output, message)
            if self._ended:
                self._close(output)
        self._hand_out_waiting()

    def remove(self, output: Output) -> None:
        """Closes an output that was added, unless that is done already. The others go on meanwhile."""
        with self._lock:
            if output not in self._added:
                return
            self._forget(output)
        try:
            output.close()
        except Exception as error:  # noqa: BLE001 - as below
            self.handle(failure_of(output.name, error))

    def handle(self, message: Message) -> None:
        """To every output. Never raises. A message that an output sends from within `handle` comes after this one.

        While another thread hands messages out, it hands this one out, too, and the caller does not wait: an output's
        own thread may send a message while the output is being closed.
        """
        self._waiting.append(message)
        self._hand_out_waiting()

    def close(self) -> None:
        """Closes every output; for a stream that never began, as `Finished` does it otherwise."""
        with self._lock:
            for output in self._outputs():
                self._close(output)

    def _hand_out_waiting(self) -> None:
        """All of them, unless that is being done already; again for one that came just before the lock was let go."""
        while self._waiting and self._lock.acquire(blocking=False):
            try:
                if self._handing_out:
                    return
                self._handing_out = True
                while self._waiting:
                    self._hand_out(self._waiting.popleft())
                self._handing_out = False
            finally:
                self._lock.release()

    def _hand_out(self, message: Message) -> None:
        self._ended = self._ended or isinstance(message, Finished)
        for output in self._outputs():
            self._call(output, message)
            if isinstance(message, Finished):
                self._close(output)

    def _outputs(self) -> list[Output]:
        return [*self._added, *self._shown_by]

    def _call(self, output: Output, message: Message) -> None:
        try:
            output.handle(message)
        except Exception as error:  # noqa: BLE001 - whatever it is, it must not reach the stream
            self._switch_off(output, error)

    def _close(self, output: Output) -> None:
        """Closes an output and forgets it."""
        self._forget(output)
        try:
            output.close()
        except Exception as error:  # noqa: BLE001 - as above
            self._report(output, error)

    def _switch_off(self, output: Output, error: Exception) -> None:
        self._forget(output)
        self._report(output, error)
        try:
            output.close()
        except Exception as again:
            log.error("%s could not be closed", output.name, exc_info=again)

    def _forget(self, output: Output) -> None:
        for outputs in (self._added, self._shown_by):
            if output in outputs:
                outputs.remove(output)

    def _report(self, output: Output, error: Exception) -> None:
        """To the outputs that are left, at once: `Finished` must stay the last message."""
        failure = failure_of(output.name, error)
        if not isinstance(error, CourtsideError):
            log.error("%s failed", output.name, exc_info=error)
        for other in self._outputs():
            self._call(other, failure)


def failure_of(name: str, error: Exception) -> Failure:
    """What a person reads when an output has been switched off."""
    if isinstance(error, CourtsideError):
        return Failure(error.title, error.message, fatal=False)
    why = f"{type(error).__name__}: {error}" if str(error) else type(error).__name__
    return Failure(f"{name} is switched off", f"{why}. The commentary goes on without it.", fatal=False)
