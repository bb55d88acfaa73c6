"""A source that may hang, in a thread of its own, which is left behind when it does."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

from app.capture.wrapped_source import WrappedSource
from core.errors import SourceError

if TYPE_CHECKING:
    from app.capture.source import Source, SourceNotice
    from core.types import Frame

PATIENCE_S = 3.5
"""Besides the time between two pictures."""
CLOSE_S = 0.5
"""How long closing may take before the thread is left to do it alone."""
Outcome = tuple[bool, Any]
"""Whether it went well, and what was returned or raised."""


class GuardedSource(WrappedSource):
    """Passes on what another source does; no call of it takes longer than it may, nor goes on after `interrupt`.

    A display server that has stopped answers nothing, and a call that waits for it cannot be ended; nor can an import.
    """

    def __init__(self, source: Source, patience_s: float | None) -> None:
        """patience_s: for a call; None for a source that comes back from each, however late: whoever interrupts it does
        not wait for that, only the end of the program does."""
        super().__init__(source)
        self._patience_s = patience_s
        self._calls: queue.SimpleQueue[Callable[[], Any] | None] = queue.SimpleQueue()
        self._outcomes: queue.SimpleQueue[Outcome] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, name="guarded source", daemon=patience_s is not None)
        self._waits = False
        self._interrupted = False
        self._closed = False

    @property
    def hangs(self) -> bool:
        """A call has not come back yet."""
        return self._waits and self._thread.is_alive()

    def open(self) -> None:
        if self._waits:
            raise self._hung()
        self._thread.start()
        self._call(self._source.open)

    def read(self) -> Frame | SourceNotice | None:
        taken: Frame | SourceNotice | None = self._call(self._source.read)
        return taken

    def interrupt(self) -> None:
        self._interrupted = True
        self._source.interrupt()
        self._outcomes.put((True, None))  # for a wait that goes on

    def close(self) -> None:
        if self._closed:
            return
        self._closed = True
        if self._thread.ident is None:
            self._source.close()
            return
        self._calls.put(self._source.close)
        self._calls.put(None)
        self._thread.join(None if self._patience_s is None and not self._waits else CLOSE_S)

    def _call(self, what: Callable[[], Any]) -> Any:
        """Have the thread do it. None after an interrupt; raises what it raised, SourceError when it hangs."""
        if self._interrupted:
            return None
        self._waits = True
        self._calls.put(what)
        try:
            well, outcome = self._outcomes.get(timeout=self._patience_s)
        except queue.Empty:
            raise self._hung() from None
        if self._interrupted:
            return None
        self._waits = False
        if not well:
            raise outcome
        return outcome

    def _hung(self) -> SourceError:
        return SourceError("The source was lost", f"{self.name}: the display server does not answer")

    def _run(self) -> None:
        while (call := self._calls.get()) is not None:
            try:
                outcome = (True, call())
            except Exception as error:  # noqa: BLE001 - raised where it was called for
                outcome = (False, error)
            self._outcomes.put(outcome)


class Guarding:
    """Makes guarded sources, one after the other, but none while the last one hangs: threads would pile up."""

    def __init__(self, make: Callable[[], Source], rate: float) -> None:
        """rate: pictures a second, each of which is waited for."""
        self._make = make
        self._patience_s = PATIENCE_S + 1 / rate
        self._last: GuardedSource | None = None

    def __call__(self, again: bool) -> Source:
        if self._last is None or not self._last.hangs:
            self._last = GuardedSource(self._make(), self._patience_s)
        return self._last
