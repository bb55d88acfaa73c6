"""What the match reports."""

from dataclasses import dataclass

KINDS = ("kick-off", "shot", "goal", "save", "wide", "foul", "corner", "throw-in")


@dataclass(frozen=True, slots=True)
class MatchEvent:
    """One thing worth saying.

    time  seconds of match time; the picture shows it from 0.1 s later at the latest
    kind  one of KINDS
    team  the acting team, 0 or 1: takes the kick-off, corner or throw-in; shoots, scores or shoots
          wide; makes the save; commits the foul
    score goals of team 0 and team 1 after the event

    The moment of each kind: kick-off, the first pass; shot, the ball leaves the foot; goal, the ball
    is over the line; save, the keeper's hands meet the ball; wide, the ball crosses the end line;
    foul, the victim hits the ground; corner, the taker at the placed ball raises the arms (the kick
    follows a second later); throw-in, the taker lifts the ball above the head (the throw follows a
    second later).
    """

    time: float
    kind: str
    team: int
    score: tuple[int, int]
