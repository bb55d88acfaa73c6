"""Which captions are visible at time t, and how strongly. Plain arithmetic on seconds, no Qt and no clock."""

from __future__ import annotations

import math
from dataclasses import dataclass

HOLD_S = 3.0  # a line is never gone sooner than this, unless another time is chosen ...
HOLD_PER_WORD_S = 0.35  # ... nor before a slow reader has read it
FADE_S = 0.6
RISE_S = 0.24
MAX_LINES = 5  # three in ordinary speech; more only while lines that are not read yet pile up
RANK_LIGHT = (1.0, 0.74, 0.58, 0.5, 0.5)  # newest first


@dataclass(frozen=True, slots=True)
class Shown:
    """One caption at one moment.

    Attributes:
        text: never empty.
        opacity: 0 to 1; newest is brightest, leaving lines go to 0.
        rise: 0 to 1; how much of its height the line has pushed in from below.
        leaving: whether it has been up long enough and is fading out.
    """

    text: str
    opacity: float
    rise: float
    leaving: bool

    @property
    def presence(self) -> float:
        """How much of its height it claims of the plate: all, less while it comes and goes."""
        return self.rise * (min(1.0, 2.0 * self.opacity) if self.leaving else 1.0)


@dataclass(slots=True)
class _Caption:
    """A line, the round it belongs to, when it came (`since`) and when it starts to fade (`until`)."""

    round: int
    text: str
    since: float
    until: float


class Captions:
    """The rolling captions: fed with pieces and lines, asked what to paint.

    All times are seconds of one steady clock that the caller reads.

    Attributes:
        max_lines: that may wait to be read at once. hold_s: seconds for which each stays at least. Count for new lines.
        still: nothing rises and nothing fades; a line is there, or it is not.
    """

    def __init__(self) -> None:
        self.max_lines = MAX_LINES
        self.hold_s = HOLD_S
        self.still = False
        self._captions: list[_Caption] = []  # oldest first
        self._held = False

    def grow(self, round_: int, text: str, now: float) -> None:
        """Adds characters to the line being written, which appears with its first word."""
        caption = self._of(round_)
        if caption is None:
            text = text.lstrip()
            if text:
                self._add(round_, text, now)
        else:
            caption.text += text
            self._hold(caption, now)

    def finish(self, round_: int, text: str, now: float) -> None:
        """The line is complete and reads `text`; an empty text takes back what was begun."""
        text = text.strip()
        caption = self._of(round_)
        if not text:
            self._captions = [kept for kept in self._captions if kept is not caption]
        elif caption is None:
            self._add(round_, text, now)
        else:
            caption.text = text
            self._hold(caption, now)

    def hold(self, held: bool, now: float) -> None:
        """While held no line leaves; let go, each stays as long as if it had just come."""
        there = [caption for caption in self._captions if now < caption.until]
        self._held = held
        for caption in there:
            caption.until = now
        for caption in there:
            self._hold(caption, now)

    def clear(self) -> None:
        self._captions.clear()

    def visible(self, now: float) -> list[Shown]:
        """What to paint at `now`, oldest first."""
        there = [caption for caption in self._captions if now < caption.until + self._fade_s]
        newest_rise = self._rise(there[-1], now) if there else 1.0
        shown = []
        for rank, caption in enumerate(reversed(there)):
            fade = 1.0 if self.still else min(1.0, max(0.0, 1.0 - (now - caption.until) / FADE_S))
            light = _light(rank, newest_rise) * fade
            shown.append(Shown(caption.text, light, self._rise(caption, now), now >= caption.until))
        return shown[::-1]

    def next_change(self, now: float) -> float | None:
        """Seconds until the picture changes by itself: 0.0 while something moves, None when nothing ever will."""
        waits = []
        for caption in self._captions:
            if (not self.still and now < caption.since + RISE_S) or caption.until <= now < caption.until + self._fade_s:
                return 0.0
            if now < caption.until < math.inf:
                waits.append(caption.until - now)
        return min(waits, default=None)

    @property
    def _fade_s(self) -> float:
        return 0.0 if self.still else FADE_S

    def _rise(self, caption: _Caption, now: float) -> float:
        return 1.0 if self.still else eased(now - caption.since)

    def _of(self, round_: int) -> _Caption | None:
        """The caption of that round, if it is the newest: an older round is closed."""
        newest = self._captions[-1] if self._captions else None
        return newest if newest is not None and newest.round == round_ else None

    def _add(self, round_: int, text: str, now: float) -> None:
        self._captions = [kept for kept in self._captions if now < kept.until + self._fade_s]
        caption = _Caption(round_, text, now, now)
        self._captions.append(caption)
        self._hold(caption, now)
        unread = [kept for kept in self._captions if now < kept.until]
        for crowded_out in unread[: -self.max_lines]:
            crowded_out.until = now

    def _hold(self, caption: _Caption, now: float) -> None:
        """Keeps the line long enough, and never shorter than the lines above it, so that they leave in order."""
        if self._held:
            caption.until = math.inf
            return
        long_enough = now + max(self.hold_s, HOLD_PER_WORD_S * len(caption.text.split()))
        caption.until = max([long_enough, *(kept.until for kept in self._captions)])


def eased(elapsed_s: float) -> float:
    """Ease-out from 0 to 1 over RISE_S."""
    left = 1.0 - min(1.0, max(0.0, elapsed_s / RISE_S))
    return 1.0 - left**3


def _light(rank: int, newest_rise: float) -> float:
    """Brightness by rank; while the newest line slides in, the others dim from the rank they had before."""
    there = RANK_LIGHT[min(rank, len(RANK_LIGHT) - 1)]
    before = RANK_LIGHT[min(rank - 1, len(RANK_LIGHT) - 1)] if rank else 0.0
    return before + (there - before) * newest_rise
