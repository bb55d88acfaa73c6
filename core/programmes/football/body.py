"""One player as soft ellipses: a small skeleton, posed and projected, for F frames and G figures."""

import numpy as np

from core.programmes.football.camera import HEIGHT, depth_scale, project, scale
from core.programmes.football.fixture import REFEREE_COLOUR, Fixture
from core.programmes.football.pitch import FIGURES, KEEPERS, REFEREE, TEAM_OF, Pose
from core.programmes.football.timeline import StateSamples

# Parts in painter's order. The shadow is apart: all shadows lie under all figures.
PARTS = (
    "far arm", "far hand", "far leg", "far boot", "near leg", "near boot", "shorts", "jersey edge", "jersey",
    "highlight", "head", "hair", "near arm", "near hand",
)  # fmt: skip
PART = {name: number for number, name in enumerate(PARTS)}
SKIN = ((0.96, 0.78, 0.64), (0.86, 0.64, 0.47), (0.62, 0.42, 0.28), (0.42, 0.27, 0.18))
HAIR = ((0.16, 0.11, 0.08), (0.36, 0.22, 0.11), (0.78, 0.62, 0.30), (0.06, 0.05, 0.06))

# Where the hands are in each pose: (forward, outward, up) metres for the far and the near arm;
# None: where the run swings them.
HANDS = {
    Pose.RUN: (None, None),
    Pose.CELEBRATE: ((0.05, 0.62, 2.15), (0.05, 0.62, 2.15)),
    Pose.THROW: ((0.12, 0.20, 2.15), (0.12, 0.20, 2.15)),
    Pose.DIVE: ((0.10, 0.18, 2.30), (0.10, 0.18, 2.30)),
    Pose.LIE: ((0.10, 0.60, 1.60), (0.10, 0.60, 1.10)),
    Pose.CARD: (None, (0.15, 0.45, 2.20)),
    Pose.SIGNAL: ((0.00, 0.30, 2.30), (0.00, 0.30, 2.30)),
    Pose.KICK: ((-0.25, 0.55, 1.25), (0.25, 0.60, 1.30)),
    Pose.HOLD: ((0.45, 0.10, 1.15), (0.45, 0.10, 1.15)),
}
HIP_UP = 0.92
SHOULDER_UP = 1.52
HEAD_UP = 1.83
LARGER = np.float32(1.16)  # than life, so that a small picture still shows what they do


def colours(fixture: Fixture) -> np.ndarray:
    """Colour of every part of every figure, (13, parts, 3)."""
    rng = np.random.default_rng(fixture.seed + 17)
    table = np.zeros((FIGURES, len(PARTS), 3), np.float32)
    for figure in range(FIGURES):
        jersey, shorts = _kit(fixture, figure)
        skin = SKIN[rng.integers(len(SKIN))]
        bright = 1 - 0.72 * (1 - np.array(jersey))
        paint = {
            "far arm": 0.80 * np.array(jersey), "near arm": 0.92 * np.array(jersey), "near hand": skin,
            "far hand": 0.9 * np.array(skin),
            "far leg": 0.85 * np.array(skin), "near leg": skin, "far boot": shorts, "near boot": shorts,
            "shorts": shorts, "jersey edge": 0.35 * np.array(jersey), "jersey": jersey,
            "highlight": bright, "head": skin, "hair": HAIR[rng.integers(len(HAIR))],
        }  # fmt: skip
        for name, colour in paint.items():
            table[figure, PART[name]] = np.array(colour)
    return table


def _kit(fixture: Fixture, figure: int) -> tuple[tuple, tuple]:
    """Jersey and shorts of a figure."""
    if figure == REFEREE:
        return REFEREE_COLOUR, (0.04, 0.05, 0.06)
    team = TEAM_OF[figure]
    if figure in KEEPERS:
        return fixture.keeper_rgb[team], (0.16, 0.17, 0.19)
    jersey = fixture.rgb[team]
    light = sum(jersey) / 3 > 0.75
    return jersey, tuple(0.86 * part for part in jersey) if light else tuple(0.62 * part for part in jersey)


class Skeleton:
    """Turns body coordinates (forward, outward, up) in metres into picture positions (F, G)."""

    def __init__(self, samples: StateSamples, mirrored: bool):
        flip = np.float32(-1 if mirrored else 1)
        ground = scale(samples.y)
        self.scale = LARGER * ground
        self.px, self.py = project(flip * samples.x, samples.y)
        self.forward_x = flip * np.cos(samples.facing)
        self.forward_y = np.sin(samples.facing)
        near = np.where(self.forward_x >= 0, np.float32(1), np.float32(-1))
        self.near_x = near * self.forward_y
        self.near_y = -near * self.forward_x
        self.near = near
        grounded = (samples.pose == Pose.DIVE) | (samples.pose == Pose.LIE)
        tilt = np.where(grounded, samples.progress * np.float32(1.42), np.float32(0))
        self.tilt_sin = np.sin(tilt)
        self.tilt_cos = np.cos(tilt)
        self._depth = LARGER * depth_scale(ground)

    def at(self, forward, outward, up):
        """Picture position of a body point; outward is towards the camera's side of the body."""
        lift = 0.16 * self.tilt_sin + up * self.tilt_cos
        along = forward * self.tilt_cos + up * self.tilt_sin
        x = along * self.forward_x + outward * self.near_x
        y = along * self.forward_y + outward * self.near_y
        return self.px + self.scale * x, self.py - self._depth * y - self.scale * HEIGHT * lift


def draw(samples: StateSamples, table: np.ndarray, mirrored: bool) -> tuple[np.ndarray, np.ndarray]:
    """Shadows (F, 13, 1, 10) and bodies (F, 13, parts, 10) in the row format of the scene."""
    frames = len(samples.time)
    body = np.empty((frames, FIGURES, len(PARTS), 10), np.float32)
    body[..., 5] = 1.6
    body[..., 6:9] = table
    body[..., 9] = 1.0
    bones = Skeleton(samples, mirrored)
    stride = np.minimum(samples.speed * np.float32(0.13), np.float32(0.5))
    _legs(body, bones, samples, stride)
    _trunk(body, bones, stride)
    _arms(body, bones, samples, stride)
    return _shadow(bones), body


def _put(body, name, x, y, rx, ry, angle=0.0) -> None:
    row = body[:, :, PART[name]]
    row[..., 0] = x
    row[..., 1] = y
    row[..., 2] = rx
    row[..., 3] = ry
    row[..., 4] = angle


def _limb(body, name, start, end, width) -> None:
    """An ellipse from joint to joint; `width` is its half width in pixels."""
    dx = end[0] - start[0]
    dy = end[1] - start[1]
    length = 0.5 * np.hypot(dx, dy) + 0.7 * width
    _put(body, name, 0.5 * (start[0] + end[0]), 0.5 * (start[1] + end[1]), length, width, np.arctan2(dy, dx))


def _legs(body, bones: Skeleton, samples: StateSamples, stride) -> None:
    swing = np.sin(samples.cycle) * bones.near
    lift = np.cos(samples.cycle) * bones.near
    kick = np.where(samples.pose == Pose.KICK, samples.progress, np.float32(0))
    for name, sign in (("far", -1), ("near", 1)):
        forward = sign * swing * stride
        up = np.maximum(sign * lift, 0) * stride * 0.55 + 0.07
        if sign == 1:
            forward = forward * (1 - kick) + 0.75 * kick
            up = up + 0.35 * kick
        out = 0.13 * sign
        foot = bones.at(forward, out, up)
        _limb(body, f"{name} leg", bones.at(0, out, HIP_UP - 0.1), foot, 0.115 * bones.scale)
        toe = bones.at(forward + 0.16, out, up)
        _limb(body, f"{name} boot", bones.at(forward * 0.96, out, up + 0.16), toe, 0.105 * bones.scale)


def _trunk(body, bones: Skeleton, stride) -> None:
    s = bones.scale
    lean = 0.25 * stride
    hip = bones.at(0, 0, HIP_UP)
    neck = bones.at(lean, 0, SHOULDER_UP)
    low = bones.at(0, 0, HIP_UP - 0.24)
    _limb(body, "shorts", low, hip, 0.235 * s)
    chest = bones.at(0.3 * lean, 0, HIP_UP + 0.12), neck
    _limb(body, "jersey edge", *chest, 0.36 * s)
    _limb(body, "jersey", *chest, 0.36 * s - 1.2)
    body[:, :, PART["jersey edge"], 9] = 0.8
    x = 0.4 * chest[0][0] + 0.6 * neck[0]
    y = 0.4 * chest[0][1] + 0.6 * neck[1]
    _put(body, "highlight", x - 0.08 * s, y - 0.06 * s, 0.17 * s, 0.13 * s)
    body[:, :, PART["highlight"], 5] = 5.0
    body[:, :, PART["highlight"], 9] = 0.75
    hx, hy = bones.at(lean * 1.4, 0, HEAD_UP)
    _put(body, "head", hx, hy, 0.185 * s, 0.20 * s)
    bx, by = bones.at(lean * 1.4 - 0.07, 0, HEAD_UP + 0.09)
    _put(body, "hair", bx, by, 0.175 * s, 0.14 * s)


def _arms(body, bones: Skeleton, samples: StateSamples, stride) -> None:
    swing = np.sin(samples.cycle) * bones.near * (stride * 0.75)
    poses = np.array([[hand or (0, 0, 0) for hand in HANDS[pose]] for pose in Pose], np.float32)
    raised = np.array([[hand is not None for hand in HANDS[pose]] for pose in Pose], np.float32)
    for arm, (name, sign) in enumerate((("far", -1), ("near", 1))):
        share = samples.progress * raised[:, arm][samples.pose]
        goal = poses[:, arm][samples.pose]
        forward = share * goal[..., 0] - (1 - share) * sign * swing
        out = sign * (share * goal[..., 1] + (1 - share) * 0.42)
        up = share * goal[..., 2] + (1 - share) * (0.98 + 0.25 * np.abs(swing))
        shoulder = bones.at(0.2 * stride, 0.27 * sign, SHOULDER_UP - 0.06)
        hand = bones.at(forward, out, up)
        _limb(body, f"{name} arm", shoulder, hand, 0.105 * bones.scale)
        _put(body, f"{name} hand", hand[0], hand[1], 0.095 * bones.scale, 0.095 * bones.scale)


def _shadow(bones: Skeleton) -> np.ndarray:
    """A soft pool under the body, long when it lies."""
    s = bones.scale
    rows = np.zeros((*s.shape, 1, 10), np.float32)
    row = rows[:, :, 0]
    x0 = bones.px
    y0 = bones.py
    x1 = x0 + s * 1.9 * bones.tilt_sin * bones.forward_x
    y1 = y0 - s * 1.4 * bones.tilt_sin * bones.forward_y
    row[..., 0] = 0.5 * (x0 + x1) + 0.14 * s
    row[..., 1] = 0.5 * (y0 + y1) + 0.05 * s
    row[..., 2] = 0.5 * np.hypot(x1 - x0, y1 - y0) + 0.52 * s
    row[..., 3] = 0.22 * s
    row[..., 4] = np.arctan2(y1 - y0, x1 - x0 + 1e-6)
    row[..., 5] = 7.0
    row[..., 6:9] = 0.02, 0.09, 0.03
    row[..., 9] = 0.5
    return rows
