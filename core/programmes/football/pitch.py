"""The pitch, the cast and the vocabulary of the match, shared by simulator and scene.

World coordinates are metres, the origin is the centre spot: x runs along the touch-lines
(team 0 attacks towards +x), y runs away from the camera, z is up. A ground position is one
complex number x + 1j*y.
"""

from enum import IntEnum

HALF_LENGTH = 20.0
HALF_WIDTH = 12.0
GOAL_HALF_WIDTH = 2.5
GOAL_HEIGHT = 2.1
GOAL_DEPTH = 1.5
AREA_DEPTH = 6.5
AREA_HALF_WIDTH = 6.0
CIRCLE_RADIUS = 3.6

OUTFIELD = 5
TEAM_SIZE = 6
KEEPERS = (5, 11)
REFEREE = 12
FIGURES = 13
TEAM_OF = (0,) * TEAM_SIZE + (1,) * TEAM_SIZE
TICK_S = 0.1


class Pose(IntEnum):
    """What a figure does with its body; `progress` 0..1 says how far it has got there."""

    RUN = 0  # upright: stands, walks or runs by its speed
    CELEBRATE = 1  # both arms raised wide
    THROW = 2  # both arms raised, ball above the head
    DIVE = 3  # stretched out along the ground, arms first
    LIE = 4  # flat on the ground
    CARD = 5  # one arm up, yellow card
    SIGNAL = 6  # both arms straight up
    KICK = 7  # one leg swung forward
    HOLD = 8  # ball held at the chest


class Play(IntEnum):
    """The phase of play."""

    KICK_OFF = 0
    OPEN = 1
    SHOT = 2
    CELEBRATION = 3
    SAVE = 4
    GOAL_KICK = 5
    FOUL = 6
    CORNER = 7
    THROW_IN = 8
    CROSS = 9
    HALF_TIME = 10
    FULL_TIME = 11
    INTERVAL = 12  # before the next match
    REPLAY = 13  # the picture shows what was


def outfield(team: int) -> range:
    """Figure numbers of a team's five outfield players."""
    return range(team * TEAM_SIZE, team * TEAM_SIZE + OUTFIELD)


def side(team: int) -> int:
    """+1 for the team that attacks towards +x, else -1."""
    return 1 - 2 * team
