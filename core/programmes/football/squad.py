"""The thirteen figures as bodies: they steer to targets, keep apart, turn and take poses."""

import numpy as np

from core.programmes.football.pitch import FIGURES, TICK_S, Pose
from core.programmes.football.timeline import BALL, FIGURE_COLUMNS

STRIDE_RAD_PER_M = 2.6
PERSONAL_SPACE_M = 1.15
POSE_RATE_PER_S = 5.0


class Squad:
    """Positions, velocities and headings as complex arrays (13,).

    targets  where each figure wants to be, metres; pace  its top speed, m/s (0: rooted);
    pose, progress  see Pose.
    """

    def __init__(self, positions: np.ndarray):
        self.position = positions.astype(np.complex128)
        self.velocity = np.zeros(FIGURES, np.complex128)
        self.heading = np.where(np.arange(FIGURES) < 6, 1.0, -1.0).astype(np.complex128)
        self.targets = self.position.copy()
        self.pace = np.full(FIGURES, 6.0)
        self.pose = np.zeros(FIGURES, np.int64)
        self.progress = np.zeros(FIGURES)
        self._goal = np.zeros(FIGURES)
        self._cycle = np.linspace(0, 9, FIGURES)
        self._apart = np.eye(FIGURES) * 1e6

    def take(self, figure: int, pose: Pose, heading: complex | None = None) -> None:
        """Go into a pose; a heading given turns the figure at once."""
        if self.pose[figure] != pose:
            self.pose[figure] = pose
            self.progress[figure] = 0.0
        self._goal[figure] = 1.0
        if heading is not None:
            self.heading[figure] = heading / abs(heading)

    def release(self, figure: int) -> None:
        """Come back to upright running."""
        self._goal[figure] = 0.0

    def release_all(self) -> None:
        """Everybody comes back to upright."""
        self._goal[:] = 0.0

    def step(self, look_at: complex) -> None:
        """One tick of movement towards the targets."""
        posed = self.progress > 0
        grounded = (self.pose == Pose.DIVE) | (self.pose == Pose.LIE)
        self._move(np.where(grounded, 0.0, self.pace))
        self._turn(look_at, grounded)
        change = POSE_RATE_PER_S * TICK_S
        self.progress += np.clip(self._goal - self.progress, -change, change)
        self.pose[posed & (self.progress <= 0)] = Pose.RUN

    def _move(self, pace: np.ndarray) -> None:
        wish = 2.5 * (self.targets - self.position) + self._push()
        length = np.abs(wish)
        wish *= pace / np.maximum(length, np.maximum(pace, 1e-6))
        self.velocity += 0.42 * (wish - self.velocity)
        self.velocity[pace == 0] *= 0.3
        self.position += self.velocity * TICK_S

    def _push(self) -> np.ndarray:
        """Velocity (13,) that keeps figures a personal space apart."""
        gap = self.position[:, None] - self.position
        distance = np.abs(gap) + self._apart + 0.05
        return (gap * (np.maximum(PERSONAL_SPACE_M - distance, 0) * 9.0 / distance)).sum(1)

    def _turn(self, look_at: complex, grounded: np.ndarray) -> None:
        speed = np.abs(self.velocity)
        self._cycle += speed * (STRIDE_RAD_PER_M * TICK_S)
        wish = np.where(speed > 0.9, self.velocity, look_at - self.position)
        turn = np.angle(wish * self.heading.conj()) * np.minimum(np.abs(wish), 1.0)
        self.heading *= np.exp(1j * np.where(grounded, 0.0, 0.45 * turn))

    def write(self, row: np.ndarray) -> None:
        """Into the figure columns of a timeline row."""
        figures = row[:BALL].reshape(FIGURES, FIGURE_COLUMNS)
        figures[:, 0] = self.position.real
        figures[:, 1] = self.position.imag
        figures[:, 2] = np.angle(self.heading)
        figures[:, 3] = self.pose
        figures[:, 4] = self._cycle % (2 * np.pi)
        figures[:, 5] = self.progress
