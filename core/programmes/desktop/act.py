"""What is done in a desktop session: the acts of a script, whoever performs them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

PROGRAMS = ("terminal", "editor", "browser", "file manager", "plot", "mail", "calendar", "player")
JOBS = ("build", "test run", "export", "install")
COPIES = ("photos", "backups", "reports", "archives", "videos")
SIDES = ("above", "below")

Verb = Literal["open", "close", "start", "passed", "failed", "crossing", "error", "dismiss", "copy", "copied"]
KINDS = ("open", "close", "start", "passed", "failed", "crossing", "error", "copied")
"""Acts that are events; a dialog that is dismissed and a copy that begins are not told."""


@dataclass(frozen=True, slots=True)
class Act:
    """Something that changes the screen.

    Attributes:
        time: seconds since the session began; what it changes is seen from then on.
        verb: what happens.
        who: the program opened or closed, or that has an error; the job of a terminal; the side of its limit that a
            plot's curve goes to; what is copied.
        until: when what begins here ends: a job, a copy, a dialog.
        initial: the window is there from the start.
    """

    time: float
    verb: Verb
    who: str
    until: float = 0.0
    initial: bool = False
