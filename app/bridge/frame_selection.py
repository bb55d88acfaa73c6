"""Which frames of a source are watched, which of them the model is given, and who else gets them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from app.bridge.pause import PauseGate
from core.messages import Paused, Resumed
from core.types import Frame
from core.video.chunker import ROUNDING_S, FrameSampler

TakeFrame = Callable[[Frame, float | None], None]
"""Takes a frame, and the source second at which the model is given it (None when it is not)."""


class FrameSelection:
    """Samples frames at the model's rate, until the stream's time is over, and not while it is paused.

    Attributes:
        fps: frames a second that the model gets. over: the stream has had its seconds.
        skipped: frames that the source gave beyond those. missed: those that it did not give in time.
        watched: gets each frame but those of a pause, whether or not the model does.
    """

    def __init__(
        self, fps: float, pause: PauseGate, seconds: float | None, put_marker: Callable[[Paused | Resumed], None]
    ) -> None:
        self.fps = fps
        self.over = False
        self.skipped = 0
        self.missed = 0
        self.watched: TakeFrame | None = None
        self._sampler = FrameSampler(fps)
        self._pause = pause
        self._seconds = seconds
        self._put_marker = put_marker
        self._last: int | None = None  # the last frame for the model, counted from the source's start

    def expect_gap(self) -> None:
        """What does not come until the next frame is not missed: the source has said why."""
        self._last = None

    def sample(self, frame: Frame, zero: float) -> Frame | None:
        """The frame as the model is to get it, or None when it is not. `zero`: the source's time at the start."""
        frame = replace(frame, media_time=frame.media_time - zero)
        sampled = self._sampler.take(frame)
        if sampled is not None:
            self._count_missed(sampled)
            self.over = self._seconds is not None and sampled.media_time >= self._seconds - ROUNDING_S
            if self.over or not self._pause.admits(sampled.media_time, self._put_marker):
                return None
        elif self._pause.is_paused:
            return None
        else:
            self.skipped += 1
        if self.watched is not None:
            self.watched(frame, None if sampled is None else sampled.media_time)
        return sampled

    def _count_missed(self, sampled: Frame) -> None:
        number = round(sampled.media_time * self.fps)
        if self._last is not None:
            self.missed += max(0, number - self._last - 1)
        self._last = number
