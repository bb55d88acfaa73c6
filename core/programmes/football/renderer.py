"""Paints a match: the still backdrop, the soft ellipses of the scene, then the captions, on one core."""

import numpy as np

from core.programmes.football import backdrop, captions
from core.programmes.football.camera import PICTURE_SIZE
from core.programmes.football.fixture import Fixture
from core.programmes.football.scene import primitives
from core.programmes.football.simulator import Match

TILE = 40  # pixels: what changed is copied tile by tile


class Renderer:
    """Pictures of any match as this fixture. Not thread-safe: it paints on one canvas.

    The canvas holds the backdrop as floats, (3, H, W); a frame is painted over it, read out, and wiped off.
    """

    def __init__(self, fixture: Fixture, scoreboard: bool = True, size: tuple[int, int] = PICTURE_SIZE):
        self.fixture = fixture
        self.size = size
        self._scoreboard = scoreboard
        self._still = backdrop.backdrop(fixture, size)
        self._still_canvas = np.ascontiguousarray(self._still.transpose(2, 0, 1), np.float32)
        self._canvas = self._still_canvas.copy()
        self._columns = np.arange(size[0], dtype=np.float32) + 0.5
        self._lines = np.arange(size[1], dtype=np.float32)[:, None] + 0.5

    def draw(self, match: Match, time_s: float) -> np.ndarray:
        """The picture at a time of the broadcast: (720, 1280, 3) uint8 RGB, contiguous, owned by the caller."""
        samples = match.sample([time_s])
        picture = self.paint(primitives(samples, self.fixture, self.fixture.mirrored)[0])
        for caption in captions.shown(samples, 0, self._scoreboard):
            captions.paste(picture, caption, self.fixture)
        return picture

    def paint(self, rows: np.ndarray) -> np.ndarray:
        """The backdrop with rows (N, 10) painted over it, see core.programmes.football.scene: (H, W, 3) uint8."""
        boxes, shapes = _prepared(rows, self.size)
        colours = shapes[:, 7:].astype(np.float32)[:, :, None, None]
        for box, shape, colour in zip(boxes.tolist(), shapes.tolist(), colours, strict=True):
            self._blend(box, shape, colour)
        return self._read_out(boxes)

    def _blend(self, box: list[int], shape: list[float], colour: np.ndarray) -> None:
        """Paint one ellipse on the canvas; colour (3, 1, 1)."""
        x0, y0, x1, y1 = box
        cx, cy, along, slant, across, sharpness, alpha = shape[:7]
        dx = self._columns[x0:x1] - cx
        dy = self._lines[y0:y1] - cy
        cover = along * dx + slant * dy
        cover *= cover
        cover += across * dy * dy
        np.sqrt(cover, out=cover)
        np.subtract(0.5 + sharpness, cover, out=cover)
        np.maximum(cover, 0, out=cover)
        np.minimum(cover, 1, out=cover)
        if alpha < 1:
            cover *= alpha
        patch = self._canvas[:, y0:y1, x0:x1]
        change = colour - patch
        change *= cover
        patch += change

    def _read_out(self, boxes: np.ndarray) -> np.ndarray:
        """The changed tiles as bytes over the still picture; the canvas becomes clean again."""
        picture = self._still.copy()
        changed = np.zeros((-(-self.size[1] // TILE), -(-self.size[0] // TILE)), bool)
        for x0, y0, x1, y1 in (boxes // TILE).tolist():
            changed[y0 : y1 + 1, x0 : x1 + 1] = True
        for y, x in np.argwhere(changed).tolist():
            tile = slice(y * TILE, (y + 1) * TILE), slice(x * TILE, (x + 1) * TILE)
            painted = self._canvas[:, tile[0], tile[1]]
            painted += 0.5
            picture[tile] = painted.transpose(1, 2, 0)
            painted[:] = self._still_canvas[:, tile[0], tile[1]]
        return picture


def _prepared(rows: np.ndarray, size: tuple[int, int]) -> tuple[np.ndarray, np.ndarray]:
    """Of the rows that show: pixel boxes (M, 4) x0, y0, x1, y1, and shapes (M, 10): the centre, the three
    coefficients of (sharpness * q)**2 = (along * dx + slant * dy)**2 + across * dy**2, sharpness =
    min(rx, ry) / softness, alpha, and the colour."""
    rows = rows[rows[:, 9] > 1 / 512].astype(np.float64)
    rows[:, [0, 1, 2, 3, 5]] *= size[0] / PICTURE_SIZE[0]
    rows[:, 5] = np.maximum(rows[:, 5], 1.0)
    x, y, rx, ry, angle, softness = rows[:, :6].T
    cos = np.cos(angle)
    sin = np.sin(angle)
    small = np.minimum(rx, ry)
    reach = 1 + 0.5 * softness / small
    wide = np.hypot(rx * cos, ry * sin) * reach
    tall = np.hypot(rx * sin, ry * cos) * reach
    boxes = np.stack([x - wide, y - tall, x + wide + 1, y + tall + 1], 1)
    boxes = np.clip(np.floor(boxes), 0, [*size, *size]).astype(int)
    sharpness = small / softness
    root = np.hypot(cos / rx, sin / ry)
    along = sharpness * root
    slant = sharpness * cos * sin * (rx**-2 - ry**-2) / root
    across = (sharpness / (rx * ry * root)) ** 2
    shapes = np.concatenate([np.stack([x, y, along, slant, across, sharpness, rows[:, 9]], 1), rows[:, 6:9] * 255], 1)
    inside = (boxes[:, 2] > boxes[:, 0]) & (boxes[:, 3] > boxes[:, 1])
    return boxes[inside], shapes[inside]
