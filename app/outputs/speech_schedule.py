"""What is spoken next, and what is not spoken any more: no clock and no sound but those it is given."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import numpy as np

Decision = Literal["speak", "queue", "interrupt", "hold"]
Cause = Literal["late", "interrupted", "cleared", "unpronounceable"]
"""Why a line, or the rest of one, is not spoken."""


@dataclass(slots=True)
class Utterance:
    """One line on its way to the loudspeaker, owned by the schedule once it was added.

    Attributes:
        round, captured_at: of its line. urgent: an answer to a question.
        sentences: int16 samples of each that is still to be spoken. seconds: how long they take.
        complete: no more sentences come.
    """

    round: int
    captured_at: float
    urgent: bool = False
    sentences: deque[np.ndarray] = field(default_factory=deque)
    seconds: float = 0.0
    complete: bool = False


@dataclass(frozen=True, slots=True)
class Sentence:
    """What is to be spoken now: int16 samples of a line's round, and the schedule's `clears` at that time."""

    samples: np.ndarray
    clears: int
    round: int


class SpeechSchedule:
    """Decides at every sentence's end. From any thread.

    - A line that comes while nothing is spoken is spoken; while something is, it waits ("queue").
    - An answer to a question goes first, and the line being spoken ends with its sentence ("interrupt").
    - No sentence begins once its line is older than `max_age_s`. Where the lines that wait would make the newest one
      too old, the oldest of them goes.
    - While held ("hold") nothing begins, and what waits grows old.

    Attributes:
        clears: how often everything was cleared; a sentence that was taken before the last time must fall silent.
    """

    def __init__(self, max_age_s: float, sample_rate: int, on_drop: Callable[[int, Cause], None]) -> None:
        """`on_drop` is called with the round of each line that is not spoken, or not to its end; it must not block."""
        self._max_age_s = max_age_s
        self._sample_rate = sample_rate
        self._on_drop = on_drop
        self._current: Utterance | None = None
        self._waiting: deque[Utterance] = deque()
        self._interrupted = False
        self._held = False
        self._closed = False
        self.clears = 0
        self._changed = threading.Condition()

    def add(self, utterance: Utterance) -> Decision:
        """One more line. Its sentences come by `append`, so that the first can be heard while the rest is made."""
        with self._changed:
            if utterance.urgent:
                self._waiting.appendleft(utterance)
                self._interrupted = self._current is not None
            else:
                self._waiting.append(utterance)
            if self._held:
                return "hold"
            if self._current is None:
                return "speak"
            return "interrupt" if utterance.urgent else "queue"

    def append(self, utterance: Utterance, sentence: np.ndarray, *, last: bool) -> None:
        """One more sentence of a line that was added."""
        with self._changed:
            if len(sentence):
                utterance.sentences.append(sentence)
                utterance.seconds += len(sentence) / self._sample_rate
            utterance.complete = last
            self._changed.notify_all()

    def next(self, patience_s: float | None = None) -> Sentence | None:
        """The sentence to be spoken now, waiting for one; None when time is up or no more come."""
        with self._changed:
            found = self._changed.wait_for(lambda: self._closed or self._ready(), patience_s)
            if not found or self._closed or self._current is None:
                return None
            sentence = self._current.sentences.popleft()
            self._current.seconds -= len(sentence) / self._sample_rate
            return Sentence(sentence, self.clears, self._current.round)

    def hold(self, held: bool) -> None:
        """Nothing begins any more, or everything goes on."""
        with self._changed:
            self._held = held
            self._changed.notify_all()

    def clear(self) -> None:
        """Nothing of what was added is spoken."""
        with self._changed:
            self.clears += 1
            self._end_current("cleared")
            while self._waiting:
                self._on_drop(self._waiting.popleft().round, "cleared")

    def close(self) -> None:
        with self._changed:
            self._closed = True
            self._changed.notify_all()

    @property
    def closed(self) -> bool:
        return self._closed

    def _ready(self) -> bool:
        """Whether there is a sentence to begin with; what has grown old goes on the way."""
        if self._held:
            return False
        current = self._current
        if current is not None:
            if self._interrupted:
                self._end_current("interrupted")
            elif self._is_late(current):
                self._end_current("late")
            elif current.complete and not current.sentences:
                self._current = None
        if self._current is None:
            self._take_next()
        return self._current is not None and bool(self._current.sentences)

    def _take_next(self) -> None:
        self._interrupted = False
        while self._waiting:
            first = self._waiting.popleft()
            if first.complete and not first.sentences:
                self._on_drop(first.round, "unpronounceable")
            elif self._is_late(first) or (not first.urgent and self._delays_newest(first)):
                self._on_drop(first.round, "late")
            else:
                self._current = first
                return

    def _end_current(self, cause: Cause) -> None:
        current = self._current
        self._current = None
        if current is not None and (current.sentences or not current.complete):
            self._on_drop(current.round, cause)

    def _is_late(self, utterance: Utterance) -> bool:
        return time.monotonic() - utterance.captured_at > self._max_age_s

    def _delays_newest(self, first: Utterance) -> bool:
        """Whether speaking this one and those that wait would make the newest too old."""
        if not self._waiting:
            return False
        newest = self._waiting[-1]
        before = first.seconds + sum(waiting.seconds for waiting in self._waiting) - newest.seconds
        return time.monotonic() + before - newest.captured_at > self._max_age_s
