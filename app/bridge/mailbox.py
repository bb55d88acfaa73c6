"""Where the capture thread leaves frames, and the worker and the preview find them."""

from __future__ import annotations

import threading
from collections import Counter, deque
from dataclasses import dataclass

from app.capture.source import SourceNotice
from core.messages import Drop, Failure, Message, Paused, Resumed
from core.source_messages import Jumped, PrivateWindow, SourceTrouble
from core.types import Frame

QUEUE_CHUNKS = 2
"""Chunks that may wait for the model; more would only make the commentary older."""
Marker = Paused | Resumed | Jumped | PrivateWindow | SourceTrouble | SourceNotice
"""What stands between the frames."""


def told(marker: Marker) -> Message:
    """What the outputs get of it."""
    return Failure(marker.title, marker.message, fatal=False) if isinstance(marker, SourceNotice) else marker


@dataclass(frozen=True, slots=True)
class FrameCounts:
    """Frames since the start of a stream.

    Attributes:
        captured: that the source gave. offered: to the model. skipped, missed: as of FrameSelection.
    """

    captured: int = 0
    offered: int = 0
    skipped: int = 0
    missed: int = 0


class Mailbox:
    """Two ways for a frame, both safe from any thread.

    The preview slot holds the newest frame only. The queue to the model holds `capacity_frames`: when it is full,
    the oldest frame leaves (the newest is never refused) and is counted. Nothing here ever blocks the capture thread,
    except `put_wait`, which waits instead of dropping. Pause markers are queued between the frames and never dropped.

    Attributes:
        capacity_frames: most frames that wait for the model.
        frames_captured: frames that the source gave. frames_in: those offered to the model's queue.
        frames_dropped: frames lost, by cause.
    """

    def __init__(self, capacity_frames: int) -> None:
        if capacity_frames < 1:
            raise ValueError(f"a mailbox of {capacity_frames} frames")
        self.capacity_frames = capacity_frames
        self.frames_captured = 0
        self.frames_in = 0
        self.frames_dropped: Counter[str] = Counter()
        self._queue: deque[Frame | Marker] = deque()
        self._latest: Frame | None = None
        self._drops: dict[str, Drop] = {}
        self._closed = False
        self._changed = threading.Condition()

    def set_preview(self, frame: Frame) -> None:
        """Put a frame that was captured in the preview slot."""
        with self._changed:
            self.frames_captured += 1
            self._latest = frame

    def latest(self) -> Frame | None:
        """The newest frame shown, as often as one asks."""
        with self._changed:
            return self._latest

    def put(self, frame: Frame) -> bool:
        """Queue a frame for the model, at the cost of the oldest when full. False once closed."""
        with self._changed:
            if self._closed:
                return False
            if self._waiting() == self.capacity_frames:
                self._drop_oldest()
            self._append(frame)
            return True

    def put_wait(self, frame: Frame) -> bool:
        """Queue a frame for the model, waiting for room. False once closed."""
        with self._changed:
            self._changed.wait_for(lambda: self._closed or self._waiting() < self.capacity_frames)
            if self._closed:
                return False
            self._append(frame)
            return True

    def put_marker(self, message: Marker) -> None:
        """Queue a marker, or a notice, behind the frames that wait now."""
        with self._changed:
            if not self._closed:
                self._queue.append(message)
                self._changed.notify_all()

    def count_dropped(self, cause: str, frame: Frame) -> None:
        """Count a frame that must not reach the model."""
        with self._changed:
            self._count(cause, frame)

    def get(self, timeout: float | None = None) -> Frame | Marker | None:
        """The oldest entry; None when closed and empty, or when `timeout` seconds brought none."""
        with self._changed:
            self._changed.wait_for(lambda: self._queue or self._closed, timeout)
            if not self._queue:
                return None
            oldest = self._queue.popleft()
            self._changed.notify_all()
            return oldest

    def take_drops(self) -> list[Drop]:
        """The frames lost since the last call, one record a cause."""
        with self._changed:
            drops = list(self._drops.values())
            self._drops = {}
            return drops

    def close(self, *, discard: bool = False) -> None:
        """No more frames come in. What waits can still be taken, unless it is to be discarded."""
        with self._changed:
            self._closed = True
            if discard:
                self._queue.clear()
            self._changed.notify_all()

    def __len__(self) -> int:
        """Frames waiting for the model."""
        with self._changed:
            return self._waiting()

    def _waiting(self) -> int:
        return sum(isinstance(entry, Frame) for entry in self._queue)

    def _drop_oldest(self) -> None:
        oldest = next(entry for entry in self._queue if isinstance(entry, Frame))
        self._queue.remove(oldest)
        self._count("behind", oldest)

    def _append(self, frame: Frame) -> None:
        self.frames_in += 1
        self._queue.append(frame)
        self._changed.notify_all()

    def _count(self, cause: str, frame: Frame) -> None:
        self.frames_dropped[cause] += 1
        before = self._drops.get(cause)
        self._drops[cause] = Drop(cause, 1 + (before.frames if before else 0), frame.media_time)
