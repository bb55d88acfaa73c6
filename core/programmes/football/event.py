"""What the match reports."""

from dataclasses import dataclass

KINDS = ("kick-off", "shot", "goal", "save", "wide", "foul", "corner", "half-time", "full-time")
OF_NOBODY = ("half-time", "full-time")
"""Kinds that no team acts in."""


@dataclass(frozen=True, slots=True)
class MatchEvent:
    """One thing worth saying.

    time    seconds of the broadcast; the picture shows it from 0.1 s later at the latest
    kind    one of KINDS
    team    the acting team, 0 or 1: takes the kick-off or corner; shoots, scores or shoots wide; makes the save;
            commits the foul. 0 for kinds OF_NOBODY
    score   goals of team 0 and team 1 in this match after the event
    half    1 or 2; half-time belongs to 1 and full-time to 2
    number  which match of the broadcast: 0, 1, 2 ...

    The moment of each kind: kick-off, the first pass; shot, the ball leaves the foot; goal, the ball is over the line;
    save, the keeper's hands meet the ball; wide, the ball crosses the end line; foul, the victim hits the ground;
    corner, the taker at the placed ball raises the arms (the kick follows a second later); half-time and full-time, the
    referee raises both arms.
    """

    time: float
    kind: str
    team: int
    score: tuple[int, int]
    half: int = 1
    number: int = 0
