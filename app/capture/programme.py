"""A programme that is made anew from a seed, as a source."""

from __future__ import annotations

import itertools
import threading
import time
from collections.abc import Callable, Sequence
from functools import cached_property
from typing import TYPE_CHECKING

from app.capture.guarded import GuardedSource
from app.capture.pacer import Ticker
from app.capture.source_kind import Check, PickerEntry, SourceKind, after_word, whole_number
from core.types import Frame

if TYPE_CHECKING:
    from app.capture.source import CaptureOptions
    from core.programmes.programme import Episode


class ProgrammeSource:
    """An endless episode, the same for the same seed.

    At pace live it runs with real time and skips the pictures it cannot draw in time; at pace max it draws exactly
    the sample times.
    """

    warning = ""
    live = False  # it waits until the model is ready

    def __init__(self, name: str, programme: str, seed: int, options: CaptureOptions, *, begin_s: float = 0.0) -> None:
        """name: what a person calls it. programme: in the catalogue. begin_s: the time of the first picture."""
        self.name = name
        self._programme = programme
        self._seed = seed
        self._begin_s = begin_s
        self._options = options
        self._ticker = Ticker(options.rate)
        self._samples = itertools.count()
        self._interrupted = threading.Event()

    @cached_property
    def episode(self) -> Episode:
        """The episode itself, started when first needed."""
        from core.programmes.catalogue import find

        return find(self._programme).start(self._seed, self._options.scoreboard)

    @property
    def context(self) -> str:
        return self.episode.context

    def open(self) -> None:
        """The first picture takes longest; it should not be late."""
        self.episode.frame(self._begin_s)

    def read(self) -> Frame | None:
        media_time = self._ticker.tick() if self._options.pace == "live" else next(self._samples) / self._options.fps
        if media_time is None or self._interrupted.is_set():
            return None
        captured_at = time.monotonic()
        return Frame(self.episode.frame(self._begin_s + media_time), captured_at, media_time)

    def interrupt(self) -> None:
        self._interrupted.set()
        self._ticker.interrupt()

    def close(self) -> None:
        if "episode" in self.__dict__:  # it was started
            self.episode.close()


def programme_kind(
    word: str,
    programme: str,
    *,
    begin_s: float = 0.0,
    entries: Sequence[PickerEntry] = (),
    checks: Callable[[], Sequence[Check]] = tuple,
) -> SourceKind:
    """The kind of source written `WORD[:SEED]`; without a seed it is 0.

    Args:
        programme: in the catalogue. begin_s: as in `ProgrammeSource`. entries, checks: as in `SourceKind`.
    """

    def open_(spec: str, options: CaptureOptions) -> GuardedSource | None:
        rest = after_word(spec, word)
        if rest is None:
            return None
        seed = whole_number(rest or "0", 0, f"{word}:7")
        source = ProgrammeSource(f"{word}:{seed}", programme, seed, options, begin_s=begin_s)
        return GuardedSource(source, None)  # a programme's import takes seconds, which Stop does not wait for

    def shows_again(spec: str) -> bool:
        return after_word(spec, word) is not None

    return SourceKind(f"{word}[:SEED]", open_, lambda screens: entries, checks, shows_again)
