"""What a programme is: something the bundled model comments on, made anew from a seed, with its truth and its words.

A programme is a folder `core/programmes/NAME/` whose module `programme.py` holds one `Programme` called PROGRAMME, and
one line in `core/programmes/catalogue.py`. It has a simulator or a recorder, the truth (what happened and when), and a
commentator (what is said of it, and what a text says, read back). The trainer, the evaluation, the bench and the
capture source know programmes by this file alone.

Importing one loads numpy and Pillow only. What else it needs (a game, programs of the desktop) is imported when an
episode starts; where it is missing, `start` raises UsageError with the command that installs it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    import numpy as np

HELD_OUT_SEED = 100_000
"""Episodes of this seed and above are never trained on; those below are never evaluated on."""

LATE_S = 0.6
EARLY_S = 0.4
"""An event is told in the one-second round that starts within LATE_S after it or EARLY_S before it."""


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened and should be told.

    Attributes:
        time: seconds since the episode's start. A picture shows it from 0.1 s later at the latest.
        kind: one of the programme's kinds.
        who: who did it or what it is about (a team, a monster, a weapon, a program), in the words of the lines; "" if
            its kind says everything.
        facts: what holds from now on, by the programme's names of facts: {"score": "Harbour 2, Union 1"}. Every event
            has all of them.
    """

    time: float
    kind: str
    who: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Mention:
    """What a text says of one event, or of facts alone.

    Attributes:
        kind: one of the programme's kinds; "" where only facts are told.
        who: as in `Event`; "" where the text leaves it open.
        facts: those that are told, written as in `Event`.
    """

    kind: str
    who: str = ""
    facts: Mapping[str, str] = field(default_factory=dict)


class Episode(Protocol):
    """One run of a programme. The same seed gives the same events and lines, and pictures that look the same.

    Times are seconds since its start, and calls move it on: after a call that reached a time, no frame from before that
    time may be asked for. `frame(t)` reaches t, `events(a, b)` reaches b, `line(s)` reaches s + EARLY_S; so a round's
    frames are asked for first and then its line. A simulator runs as fast as it can; what is recorded as it happens
    blocks until then. Used by one thread at a time.
    """

    @property
    def context(self) -> str:
        """What a viewer is told beforehand, the model's background: a few sentences that name who takes part."""
        ...

    def frame(self, time_s: float) -> np.ndarray:
        """The picture at a time: uint8 RGB (height, width, 3), C-contiguous, of one size for the whole episode.

        The caller owns it. Any frame rate may be asked for, and times may be left out.
        """
        ...

    def events(self, start_s: float, end_s: float) -> Sequence[Event]:
        """Events with start_s < time <= end_s, in order of time. Those of the last 60 s are there at least."""
        ...

    def line(self, start_s: float) -> str:
        """What is said in the round [start_s, start_s + 1), "" for silence: of the events that `in_round` gives it.

        The wording is decided by the seed and the time, whatever was asked for before.
        """
        ...

    def mentions(self, text: str) -> Sequence[Mention]:
        """What any text says, in order; exact on every line of this episode's commentator, () for a text it cannot
        read."""
        ...

    def close(self) -> None:
        """Ends what it has started: processes, a screen, files. May be called twice."""
        ...


@dataclass(frozen=True, slots=True)
class Programme:
    """A kind of broadcast.

    Attributes:
        name: as users and figures know it: the name of its folder.
        kinds: of events, each with its row in the table of an evaluation; () for one on which there is nothing to say.
        facts: names of the facts that its events carry and its lines tell.
        start: begins the episode of a seed. Its second argument says whether the picture shows the facts (a scoreboard,
            a status bar), where the programme can leave that away; else it changes nothing.
    """

    name: str
    kinds: tuple[str, ...]
    facts: tuple[str, ...]
    start: Callable[[int, bool], Episode]


def in_round(event_s: float, start_s: float) -> bool:
    """Whether an event at event_s is told in the one-second round that starts at start_s.

    Every event belongs to exactly one of a row of rounds, and the frame at start_s + 0.5 shows it.
    """
    return start_s - LATE_S < event_s <= start_s + EARLY_S
