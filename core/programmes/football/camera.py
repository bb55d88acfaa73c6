"""The fixed camera: world metres to pixels of the 1280x720 picture.

A pinhole above the near touch-line. One metre on the ground at (x, y) is `scale(y)` pixels wide; a
point at height z stands z * scale(y) * HEIGHT pixels above its ground point.
"""

import numpy as np

PICTURE_SIZE = (1280, 720)
MID_SCALE = 27.3
TILT_PER_M = 0.0076
DROP = 100.0
HORIZON = -2318.0
HEIGHT = 0.98


def scale(y):
    """Pixels per metre along x at ground depth y (any shape)."""
    return MID_SCALE / (1 + TILT_PER_M * y)


def project(x, y, z=0.0):
    """Picture position (px, py) of world points; any shapes that broadcast."""
    s = scale(y)
    return 640 + s * x, HORIZON + DROP * s - HEIGHT * s * z


def depth_scale(s):
    """Pixels of picture height per metre of ground depth where the scale is s."""
    return s * s * np.float32(DROP * TILT_PER_M / MID_SCALE)
