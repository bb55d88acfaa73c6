"""The moving picture as a list of soft ellipses.

Coverage of one row (cx, cy, rx, ry, angle, softness, r, g, b, a) at a pixel whose centre is (x, y),
that is (column + 0.5, row + 0.5), in pixels of the 1280x720 picture, y downwards:

    dx, dy = x - cx, y - cy
    u = cos(angle) * dx + sin(angle) * dy
    v = -sin(angle) * dx + cos(angle) * dy
    d = (sqrt((u / rx)**2 + (v / ry)**2) - 1) * min(rx, ry)
    coverage = a * clip(0.5 - d / softness, 0, 1)
    picture = picture * (1 - coverage) + rgb * coverage

Rows are painted in order, the last on top. Always rx, ry > 0 and softness >= 1; a = 0 marks an
unused row. The first NET_ROWS + FIGURES + 1 rows lie on the floor (net, shadows); then follow FIGURES + 1
groups of BODY_ROWS rows, a figure or the ball each, from far to near. At another size, scale
cx, cy, rx, ry and softness alike.
"""

from functools import lru_cache

import numpy as np

from core.programmes.football import body
from core.programmes.football.ball import RADIUS_M
from core.programmes.football.camera import project, scale
from core.programmes.football.fixture import Fixture
from core.programmes.football.pitch import FIGURES, GOAL_DEPTH, HALF_LENGTH, REFEREE, Play, Pose
from core.programmes.football.timeline import StateSamples

COLUMNS = 10
NET_ROWS = 4
CARD_ROWS = 2
BODY_ROWS = len(body.PARTS) + CARD_ROWS
ROWS = NET_ROWS + FIGURES + 1 + (FIGURES + 1) * BODY_ROWS
TRAIL = 5
TRAIL_S = 0.2
NET_GLOW = ((1.6, 3.4, 0.35), (1.2, 2.8, 0.45), (0.9, 2.2, 0.5), (0.5, 1.5, 0.6))  # half sizes in metres, alpha


@lru_cache(maxsize=256)
def _colours(fixture: Fixture) -> np.ndarray:
    return body.colours(fixture)


def primitives(samples: StateSamples, fixture: Fixture, mirrored: bool = False) -> np.ndarray:
    """Everything that moves, (F, ROWS, 10) float32, in painter's order; the module says how a row
    is painted. `mirrored` flips left and right."""
    frames = len(samples.time)
    rows = np.zeros((frames, ROWS, COLUMNS), np.float32)
    rows[..., 2:4] = 1.0
    rows[..., 5] = 1.0
    shadows, bodies = body.draw(samples, _colours(fixture), mirrored)
    things = np.zeros((frames, FIGURES + 1, BODY_ROWS, COLUMNS), np.float32)
    things[..., 2:4] = 1.0
    things[..., 5] = 1.0
    things[:, :FIGURES, : len(body.PARTS)] = bodies
    _card(things[:, REFEREE], samples)
    _ball(things[:, FIGURES], rows[:, NET_ROWS + FIGURES], samples, mirrored)
    _net(rows[:, :NET_ROWS], samples, mirrored)
    rows[:, NET_ROWS : NET_ROWS + FIGURES] = shadows[:, :, 0]
    rows[:, NET_ROWS + FIGURES + 1 :] = _by_depth(things, samples).reshape(frames, -1, COLUMNS)
    return rows


def _by_depth(things: np.ndarray, samples: StateSamples) -> np.ndarray:
    """Figures and ball (F, 14, BODY_ROWS, 10) from far to near."""
    ball_y = samples.ball[:, 1:2] - 0.35
    order = np.argsort(-np.concatenate([samples.y, ball_y], 1), axis=1, kind="stable")
    return things[np.arange(len(things))[:, None], order]


def _fill(row: np.ndarray, x, y, rx, ry, softness, rgb, alpha) -> None:
    """Write one row for all frames: row (F, 10)."""
    row[:, 0] = x
    row[:, 1] = y
    row[:, 2] = rx
    row[:, 3] = ry
    row[:, 5] = softness
    row[:, 6:9] = rgb
    row[:, 9] = alpha


def _card(referee: np.ndarray, samples: StateSamples) -> None:
    """The yellow card above the referee's raised hand: referee (F, BODY_ROWS, 10)."""
    hand = referee[:, body.PART["near hand"]]
    shown = np.where(samples.pose[:, REFEREE] == Pose.CARD, samples.progress[:, REFEREE], 0)
    size = scale(samples.y[:, REFEREE])
    x = hand[:, 0]
    y = hand[:, 1] - 0.38 * size
    _fill(referee[:, -2], x, y, 0.37 * size, 0.48 * size, 2.0, (0.25, 0.18, 0.0), shown)
    _fill(referee[:, -1], x, y, 0.30 * size, 0.41 * size, 1.5, (1.0, 0.90, 0.05), shown)


def _ball(ball: np.ndarray, shadow: np.ndarray, samples: StateSamples, mirrored: bool) -> None:
    """Trail, halo of a shot, rim, ball and highlight: ball (F, BODY_ROWS, 10), shadow (F, 10)."""
    flip = -1 if mirrored else 1
    x = flip * samples.ball[:, 0]
    y = samples.ball[:, 1]
    z = samples.ball[:, 2]
    size = scale(y)
    radius = RADIUS_M * size
    px, py = project(x, y, z)
    gx, gy = project(x + 0.25 * z, y)
    height = np.clip((z - RADIUS_M) / 3, 0, 1)
    _fill(shadow, gx, gy, radius * (1 + 0.5 * height), radius * 0.6, 4.0, (0.02, 0.08, 0.03), 0.55 - 0.25 * height)
    _trail(ball, samples, flip, radius)
    shot = np.where(samples.play == Play.SHOT, np.clip(samples.play_time * 8, 0, 0.6), 0)
    _fill(ball[:, TRAIL], px, py, radius * 1.9, radius * 1.9, 9.0, (1.0, 1.0, 0.85), shot)
    _fill(ball[:, TRAIL + 1], px, py, radius + 2.0, radius + 2.0, 1.6, (0.05, 0.06, 0.07), 1.0)
    _fill(ball[:, TRAIL + 2], px, py, radius, radius, 1.4, (0.93, 0.94, 0.96), 1.0)
    _fill(ball[:, TRAIL + 3], px - 0.3 * radius, py - 0.32 * radius, radius * 0.5, radius * 0.42, 3.0, (1, 1, 1), 1.0)


def _trail(ball: np.ndarray, samples: StateSamples, flip: int, radius: np.ndarray) -> None:
    """A light streak behind a shot, from far behind to close behind: no longer than the way flown."""
    flying = (samples.play == Play.SHOT).astype(np.float32)
    span = np.minimum(TRAIL_S, samples.play_time + 0.02)
    vx, vy, vz = (samples.ball_velocity[:, axis] for axis in range(3))
    fast = flying * np.clip((np.hypot(vx, vy) - 9) / 4, 0, 1)
    for number in range(TRAIL):
        back = span * (TRAIL - number) / TRAIL
        x = flip * (samples.ball[:, 0] - vx * back)
        y = samples.ball[:, 1] - vy * back
        px, py = project(x, y, samples.ball[:, 2] - vz * back)
        size = radius * (0.5 + 0.1 * number)
        ax, ay = project(x + flip * vx * 0.02, y + vy * 0.02, samples.ball[:, 2] - vz * (back - 0.02))
        length = np.maximum(size, np.hypot(ax - px, ay - py) * span / TRAIL / 0.02)
        _fill(ball[:, number], px, py, length, size, 2.5, (1.0, 1.0, 0.92), fast * (0.3 + 0.12 * number))
        ball[:, number, 4] = np.arctan2(ay - py, ax - px + 1e-6)


def _net(rows: np.ndarray, samples: StateSamples, mirrored: bool) -> None:
    """The net that bulges and shines after a goal: rows (F, 4, 10), largest first."""
    side = np.where(samples.net >= 0, 1, -1) * (-1 if mirrored else 1)
    bulge = np.abs(samples.net)
    for number, (width, tall, alpha) in enumerate(NET_GLOW):
        x, y = project(side * (HALF_LENGTH + 0.55 * GOAL_DEPTH), 0.0, 0.9)
        size = scale(0.0)
        _fill(rows[:, number], x, y, width * size, tall * size, 14.0, (1.0, 1.0, 0.94), alpha * bulge)
