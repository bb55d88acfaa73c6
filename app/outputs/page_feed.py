"""What the pages that are open show: the last lines for one that comes, then every change."""

from __future__ import annotations

import threading
import time
from collections import deque
from typing import Any, Literal

from core.messages import Cleared, Finished, Line, Loading, Message, Paused, Piece, Ready, Resumed

MAX_LINES = 8
"""Lines that a page gets when it connects; it shows at most as many."""
KEPT_EVENTS = 512
"""Events kept for pages that are behind; one that is further behind gets the last lines anew."""

Event = dict[str, Any]
State = Literal["loading", "live", "paused", "ended"]


class PageFeed:
    """Events for any number of readers, each at its own pace. From any thread; nobody waits for a reader.

    Attributes:
        closed: no more events come.
    """

    def __init__(self) -> None:
        self.closed = False
        self._recent: deque[tuple[str, float]] = deque(maxlen=MAX_LINES)  # with the monotonic second of each
        self._partial = ""
        self._state: State = "loading"
        self._events: deque[Event] = deque(maxlen=KEPT_EVENTS)
        self._count = 0
        self._changed = threading.Condition()

    def handle(self, message: Message) -> None:
        """Takes in what concerns a page."""
        with self._changed:
            event = self._event(message)
            if event is not None:
                self._events.append(event)
                self._count += 1
                self._changed.notify_all()

    def close(self) -> None:
        """Every reader ends."""
        with self._changed:
            self.closed = True
            self._changed.notify_all()

    def snapshot(self) -> tuple[Event, int]:
        """What a page shows that has just connected, and the number of the event that comes next."""
        with self._changed:
            return self._snapshot(), self._count

    def after(self, number: int, patience_s: float) -> tuple[list[Event], int]:
        """The events from that number on, waiting for one, and the number of the next; none when time is up."""
        with self._changed:
            self._changed.wait_for(lambda: self._count > number or self.closed, patience_s)
            behind = self._count - number
            if behind > len(self._events):
                return [self._snapshot()], self._count
            return list(self._events)[len(self._events) - behind :], self._count

    def _snapshot(self) -> Event:
        now = time.monotonic()
        lines = [{"text": text, "age": round(now - said_at, 2)} for text, said_at in self._recent]
        return {"type": "snapshot", "lines": lines, "partial": self._partial, "state": self._state}

    def _event(self, message: Message) -> Event | None:
        match message:
            case Piece(text=text):
                self._partial += text
                return {"type": "piece", "text": text}
            case Line():
                return self._line(message)
            case Cleared():
                self._recent.clear()
                self._partial = ""
                return {"type": "cleared"}
            case Loading():
                return self._set_state("loading")
            case Ready() | Resumed():
                return self._set_state("live")
            case Paused():
                return self._set_state("paused")
            case Finished():
                return self._set_state("ended")
        return None

    def _line(self, line: Line) -> Event:
        self._partial = ""
        if line.text:
            self._recent.append((line.text, time.monotonic()))
        return {"type": "line", "text": line.text}

    def _set_state(self, state: State) -> Event | None:
        if state == self._state:
            return None
        self._state = state
        return {"type": "state", "state": state}
