"""From what a source gives to what a stream's mailbox holds: the loop of the capture thread."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from contextlib import closing
from dataclasses import replace
from typing import TYPE_CHECKING

from app.bridge.frame_selection import FrameSelection
from app.bridge.mailbox import FrameCounts, Mailbox
from app.bridge.source_state import SourceState
from app.capture.source import SourceNotice
from core.source_messages import Jumped
from core.types import Frame
from core.video.chunker import ROUNDING_S

if TYPE_CHECKING:
    from app.capture.source import Source


class CaptureLoop:
    """Belongs to the capture thread, but for what it is made of.

    Attributes:
        selection: which frames the model gets. state: what the source tells while it goes on.
    """

    def __init__(
        self,
        source: Source,
        mailbox: Mailbox,
        selection: FrameSelection,
        *,
        chunk_s: float,
        waits: bool,
        seconds: float | None,
        begins: Callable[[], float] | None,
    ) -> None:
        """waits: rather than drop a frame. seconds: source time after which to end. begins: asked once, at the first
        frame, for the source second of that; None: a live source begins at 0, a stored one where its stamps say."""
        self.selection = selection
        self._source = source
        self._mailbox = mailbox
        self._offer = mailbox.put_wait if waits else mailbox.put
        self._seconds = seconds
        self._begins = begins
        self._chunk_s = chunk_s
        self._has_jumped = False
        self._last = -1.0  # source seconds of the stream's last frame
        self._zero: float | None = None  # the source's time at which the stream's clock started
        self.state = SourceState(mailbox.put_marker)

    def run(self, ready: threading.Event, stopping: threading.Event) -> None:
        """Until the source ends or `stopping`; only shows until `ready`. Raises what the source raises."""
        with closing(self._source):
            self._source.open()
            if not self._source.live and self._begins is None:
                self._zero = 0.0
            while not stopping.is_set() and (frame := self._source.read()) is not None:
                goes_on = self._tell(frame, ready) if isinstance(frame, SourceNotice) else self._take(frame, ready)
                if not goes_on:
                    return

    def frame_counts(self) -> FrameCounts:
        """From any thread."""
        mailbox = self._mailbox
        return FrameCounts(mailbox.frames_captured, mailbox.frames_in, self.selection.skipped, self.selection.missed)

    def _take(self, frame: Frame, ready: threading.Event) -> bool:
        """Show a frame, and pass it on where the model is to get it. False when the stream's time is over."""
        self.state.see(frame.media_time - (self._zero or 0.0))
        self._mailbox.set_preview(frame)
        if not ready.is_set():
            if self._source.live:
                return True
            ready.wait()  # with the first frame of a source that can wait
            frame = replace(frame, captured_at=time.monotonic())
        if self._has_jumped:
            self._land(frame.media_time)
        zero = self._started(frame.media_time)
        self._last = frame.media_time - zero
        sampled = self.selection.sample(frame, zero)
        return not self.selection.over and (sampled is None or self._offer(sampled))

    def _tell(self, notice: SourceNotice, ready: threading.Event) -> bool:
        """Pass on what a source has to tell. False when its time is over."""
        self.selection.expect_gap()
        if notice.jumped:
            self._has_jumped = True
            return True
        if notice.private and ready.is_set():
            self._started(notice.at)
        zero = self._zero
        self.state.hear(notice, notice.at - (zero or 0.0))
        return self._seconds is None or zero is None or notice.at - zero < self._seconds - ROUNDING_S

    def _land(self, media_time: float) -> None:
        """The stream's clock goes on with this picture of another place in the film, behind the chunk under way."""
        self._has_jumped = False
        at = 0.0 if self._begins is None else self._begins()
        if self._last >= 0:
            under_way = math.floor((self._last + 1 / self.selection.fps + ROUNDING_S) / self._chunk_s)
            at = (under_way + 1) * self._chunk_s
        self._zero = media_time - at
        self._mailbox.put_marker(Jumped(at, media_time))

    def _started(self, media_time: float) -> float:
        """The source's time at which the stream's clock stood at 0, which a first frame sets."""
        if self._zero is None:
            self._zero = media_time - (0.0 if self._begins is None else self._begins())
        return self._zero
