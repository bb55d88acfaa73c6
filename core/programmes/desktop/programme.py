"""A desktop session as a programme: windows, jobs in a terminal, a plot with a limit, errors, copies, idle stretches.

What trains is drawn here with Pillow: no display and no toolkit is needed, and a core makes minutes of it a second, in
looks that no desktop has. It is a drawing, not a desktop. So it is measured on real programs as well, which perform the
same script on a screen, in real time (`app/capture/desktop_session.py`; core knows no Qt and no X server).
"""

from __future__ import annotations

from collections import deque
from collections.abc import Sequence
from random import Random

import numpy as np
from PIL import Image

from core.programmes.desktop.act import COPIES, JOBS, KINDS, PROGRAMS, Act
from core.programmes.desktop.commentator import Commentator
from core.programmes.desktop.painter import Painter
from core.programmes.desktop.phrases import BOOK
from core.programmes.desktop.script import Script
from core.programmes.desktop.state import Screen
from core.programmes.desktop.theme import SIZE, theme_of
from core.programmes.phrasebook import Reading
from core.programmes.programme import EARLY_S, Event, Mention, Programme, in_round
from core.programmes.question import Question

KEEP_S = 120.0
AHEAD_S = 4.0  # the curve must know of a crossing before it comes
FACTS = ("windows", "failures")


class Desktop:
    """One session, drawn. See `core.programmes.programme.Episode`.

    Args:
        size: width and height of the pictures; drawn at the theme's SIZE and scaled.
    """

    def __init__(self, seed: int, size: tuple[int, int] = SIZE) -> None:
        theme = theme_of(seed)
        script = Script(seed)
        self._size = size
        self._user = theme.user
        self._acts = script.acts()
        self._waiting: deque[Act] = deque([next(self._acts)])
        self._screen = Screen(Random(f"screen {seed}"), script.begins)
        self._painter = Painter(theme, seed)
        self._commentator = Commentator(seed, theme.user)
        self._told: deque[tuple[Event, str]] = deque()

    @property
    def context(self) -> str:
        return f"This is a computer screen. {self._user} is at work."

    def frame(self, time_s: float) -> np.ndarray:
        self._reach(time_s)
        image = self._painter.draw(self._screen, time_s)
        if image.size != self._size:
            image = image.resize(self._size, Image.Resampling.BOX)
        return np.asarray(image).copy()

    def events(self, start_s: float, end_s: float) -> Sequence[Event]:
        self._reach(end_s)
        return [event for event, _ in self._told if start_s < event.time <= end_s]

    def line(self, start_s: float) -> str:
        self._reach(start_s + EARLY_S)
        return " ".join(sentence for event, sentence in self._told if in_round(event.time, start_s))

    def mentions(self, text: str) -> Sequence[Mention]:
        return [mention_of(reading) for reading in BOOK.read(text)]

    def questions(self, time_s: float) -> Sequence[Question]:
        """What could be asked at a time, with the answers that are true then."""
        self._reach(time_s)
        known = self._commentator
        ran = [f"The {job} {outcome}." for job, outcome in known.outcomes.items()]
        missed = [event for event, _ in self._told if time_s - 60.0 < event.time <= time_s]
        return [
            Question(time_s, "How many windows are open?", f"There are {len(known.windows)} windows."),
            Question(time_s, "Which windows are open?", f"Open: {', '.join(sorted(known.windows))}."),
            Question(time_s, "How many failures?", f"{known.failures} so far."),
            Question(time_s, "How did the last job end?", ran[-1] if ran else "None has ended yet."),
            Question(time_s, "What did I miss?", _summary(missed)),
        ]

    def close(self) -> None:
        """Nothing was started."""

    def _reach(self, time_s: float) -> None:
        while self._waiting[-1].time <= time_s + AHEAD_S:
            act = next(self._acts)
            self._waiting.append(act)
            if act.verb == "crossing":
                self._screen.expect(act)
        while self._waiting[0].time <= time_s:
            act = self._waiting.popleft()
            self._screen.apply(act)
            told = self._commentator.tell(act)
            if told is not None:
                self._told.append(told)
        while self._told and self._told[0][0].time < time_s - KEEP_S:
            self._told.popleft()


def mention_of(reading: Reading) -> Mention:
    """What a sentence says, with the names and kinds of this programme."""
    who = reading.slots.get("who", "").lower()
    kind = reading.kind
    if kind in ("open", "start"):  # "Anna starts the editor", "Anna starts the build"
        kind = "start" if who in JOBS else "open" if who in PROGRAMS else kind
    if who in COPIES:
        kind = "copied"
    facts = {}
    if "n" in reading.slots:
        facts["failures" if kind == "failed" else "windows"] = reading.slots["n"]
    return Mention(kind, who, facts)


def _summary(missed: Sequence[Event]) -> str:
    """The last minute in a few words."""
    parts = [f"{event.who} {event.kind}" for event in missed[-4:]]
    return f"In the last minute: {', '.join(parts)}." if parts else "Nothing in the last minute."


def start(seed: int, facts_shown: bool = True) -> Desktop:
    """Begin a session; what is open is always seen."""
    return Desktop(seed)


PROGRAMME = Programme("desktop", KINDS, FACTS, start)
