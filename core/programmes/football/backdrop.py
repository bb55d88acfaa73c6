"""Everything that stands still: stand, boards, grass, lines, goals. Drawn once per match with Pillow."""

from functools import lru_cache
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from core.programmes.football.camera import PICTURE_SIZE, project
from core.programmes.football.fixture import Fixture
from core.programmes.football.pitch import (
    AREA_DEPTH,
    AREA_HALF_WIDTH,
    CIRCLE_RADIUS,
    GOAL_DEPTH,
    GOAL_HALF_WIDTH,
    GOAL_HEIGHT,
    HALF_LENGTH,
    HALF_WIDTH,
)

SUPERSAMPLING = 2
LARGE_SIZE = PICTURE_SIZE[0] * SUPERSAMPLING, PICTURE_SIZE[1] * SUPERSAMPLING
STRIPES = 16
STAND_FOOT_M = 15.6  # depth at which the boards stand
LINE_RGB = (244, 248, 244)
BOARD_WORDS = ("COURTSIDE", "EVERY SECOND", "LIVE", "ON THE BALL")
BOARD_RGB = ((18, 40, 92), (24, 26, 34), (120, 22, 36), (14, 70, 74))


def backdrop(fixture_or_seed: Fixture | int, size: tuple[int, int] = PICTURE_SIZE) -> np.ndarray:
    """The empty ground, (H, W, 3) uint8: cached and read-only."""
    seed = fixture_or_seed.seed if isinstance(fixture_or_seed, Fixture) else fixture_or_seed
    return _ground(seed, size)


@lru_cache(maxsize=8)
def _ground(seed: int, size: tuple[int, int]) -> np.ndarray:
    rng = Random(f"ground {seed}")
    image = Image.new("RGB", LARGE_SIZE)
    draw = ImageDraw.Draw(image)
    _grass(draw, rng)
    _stand(image, draw, rng)
    _lines(draw)
    picture = np.asarray(image.resize(PICTURE_SIZE, Image.Resampling.LANCZOS), np.float32)
    picture = picture * _light()[..., None] + _grain(seed)
    image = Image.fromarray(np.clip(picture, 0, 255).astype(np.uint8))
    _goals(image)
    if size != PICTURE_SIZE:
        image = image.resize(size, Image.Resampling.BICUBIC)
    ground = np.array(image)
    ground.flags.writeable = False
    return ground


def _at(x: float, y: float, z: float = 0.0) -> tuple[float, float]:
    px, py = project(x, y, z)
    return float(px) * SUPERSAMPLING, float(py) * SUPERSAMPLING


def _grass(draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """Mown stripes across the pitch, darker run-off around it."""
    tone = np.array([46 + rng.uniform(-8, 8), 122 + rng.uniform(-8, 8), 50 + rng.uniform(-8, 8)])
    draw.rectangle((0, 0, *LARGE_SIZE), fill=_byte(tone * 0.86))
    width = 2 * HALF_LENGTH / STRIPES
    for stripe in range(-4, STRIPES + 4):
        x = -HALF_LENGTH + stripe * width
        inside = 0 <= stripe < STRIPES
        shade = (1.07 if stripe % 2 else 0.97) * (1.0 if inside else 0.93)
        corners = [_at(x, -15), _at(x + width, -15), _at(x + width, STAND_FOOT_M), _at(x, STAND_FOOT_M)]
        draw.polygon(corners, fill=_byte(tone * shade))


def _byte(colour: np.ndarray) -> tuple[int, ...]:
    return tuple(int(part) for part in np.clip(colour, 0, 255))


def _stand(image: Image.Image, draw: ImageDraw.ImageDraw, rng: Random) -> None:
    """The crowd in rows behind the boards."""
    foot = _at(0, STAND_FOOT_M)[1]
    top = foot - 36 * SUPERSAMPLING
    crowd = Image.new("RGB", (image.width, int(top)), (24, 27, 36))
    pen = ImageDraw.Draw(crowd)
    step = 8 * SUPERSAMPLING
    for number, y in enumerate(range(-step, int(top) + step, step)):
        light = 0.45 + 0.5 * y / top
        for x in range(-step, image.width + step, step):
            if rng.random() < 0.9:
                _spectator(pen, x + (number % 2) * step / 2 + rng.uniform(-2, 2), y + rng.uniform(-2, 2), light, rng)
    image.paste(crowd.filter(ImageFilter.GaussianBlur(1.1 * SUPERSAMPLING)), (0, 0))
    _boards(draw, top, foot, rng)


def _spectator(pen: ImageDraw.ImageDraw, x: float, y: float, light: float, rng: Random) -> None:
    coat = np.array([rng.uniform(40, 150), rng.uniform(40, 130), rng.uniform(50, 160)]) * light
    face = np.array([205, 165, 135]) * light * rng.uniform(0.5, 1.0)
    r = 2.6 * SUPERSAMPLING
    pen.ellipse((x - 1.6 * r, y + 0.6 * r, x + 1.6 * r, y + 4 * r), fill=_byte(coat))
    pen.ellipse((x - r, y - r, x + r, y + r), fill=_byte(face))


def _boards(draw: ImageDraw.ImageDraw, top: float, foot: float, rng: Random) -> None:
    """Advertising boards along the far side."""
    draw.rectangle((0, top - 3 * SUPERSAMPLING, 1280 * SUPERSAMPLING, foot), fill=(10, 12, 16))
    font = ImageFont.load_default(21 * SUPERSAMPLING)
    width = 320 * SUPERSAMPLING
    first = rng.randrange(4)
    for number in range(4):
        left = number * width
        draw.rectangle((left + 3, top, left + width - 3, foot - 4), fill=BOARD_RGB[(first + number) % 4])
        word = BOARD_WORDS[(first + number) % len(BOARD_WORDS)]
        draw.text((left + width / 2, (top + foot) / 2 - 2), word, font=font, fill=(228, 232, 238), anchor="mm")


def _lines(draw: ImageDraw.ImageDraw) -> None:
    """The white lines, as wide near as perspective makes them."""
    length = HALF_LENGTH
    width = HALF_WIDTH
    _path(draw, [(-length, -width), (length, -width), (length, width), (-length, width), (-length, -width)])
    _path(draw, [(0, -width), (0, width)])
    _path(draw, _arc(0, 0, CIRCLE_RADIUS, 0, 360))
    _spot(draw, 0)
    for end in (-1, 1):
        for depth, across in ((AREA_DEPTH, AREA_HALF_WIDTH), (2.4, 3.8)):
            x = end * (length - depth)
            _path(draw, [(end * length, -across), (x, -across), (x, across), (end * length, across)])
        _spot(draw, end * (length - 4.8))
        for flank in (-1, 1):
            middle = {(-1, -1): 45, (1, -1): 135, (1, 1): 225, (-1, 1): 315}[(end, flank)]
            _path(draw, _arc(end * length, flank * width, 1.0, middle - 45, middle + 45))
            _flag(draw, end * length, flank * width)


def _path(draw: ImageDraw.ImageDraw, points: list[tuple[float, float]]) -> None:
    draw.line([_at(*point) for point in points], fill=LINE_RGB, width=round(3.2 * SUPERSAMPLING), joint="curve")


def _arc(x: float, y: float, radius: float, start: float, end: float) -> list[tuple[float, float]]:
    turns = np.radians(np.linspace(start, end, 60))
    return [(x + radius * np.cos(turn), y + radius * np.sin(turn)) for turn in turns]


def _spot(draw: ImageDraw.ImageDraw, x: float) -> None:
    px, py = _at(x, 0)
    rx = 5 * SUPERSAMPLING
    ry = 4 * SUPERSAMPLING
    draw.ellipse((px - rx, py - ry, px + rx, py + ry), fill=LINE_RGB)


def _flag(draw: ImageDraw.ImageDraw, x: float, y: float) -> None:
    foot = _at(x, y)
    head = _at(x, y, 1.4)
    draw.line([foot, head], fill=(235, 235, 228), width=2 * SUPERSAMPLING)
    tip = 11 * SUPERSAMPLING * (-1 if x > 0 else 1)
    cloth = [head, (head[0] + tip, head[1] + 4 * SUPERSAMPLING), (head[0], head[1] + 9 * SUPERSAMPLING)]
    draw.polygon(cloth, fill=(236, 92, 40))


def _light() -> np.ndarray:
    """Flood light from the middle, darker corners: (720, 1280)."""
    y, x = np.mgrid[-1:1:720j, -1:1:1280j]
    return (1.06 - 0.20 * (0.7 * x * x + 0.5 * y * y)).astype(np.float32)


def _grain(seed: int) -> np.ndarray:
    """The blades of grass: faint noise below the boards, (720, 1280, 1)."""
    noise = np.random.default_rng(seed).normal(0, 2.2, (720, 1280, 1)).astype(np.float32)
    noise[: int(project(0, STAND_FOOT_M)[1])] = 0
    return noise


def _goals(image: Image.Image) -> None:
    """Posts, bar and net of both goals, laid over the finished grass."""
    layer = Image.new("RGBA", LARGE_SIZE, (255, 255, 255, 0))
    draw = ImageDraw.Draw(layer)
    for end in (-1, 1):
        _net(draw, end)
        wide = GOAL_HALF_WIDTH
        tall = GOAL_HEIGHT
        posts = [_at(end * HALF_LENGTH, y, z) for y, z in ((-wide, 0), (-wide, tall), (wide, tall), (wide, 0))]
        draw.line(posts, fill=(60, 70, 70, 255), width=round(6.4 * SUPERSAMPLING), joint="curve")
        draw.line(posts, fill=(252, 252, 252, 255), width=round(4.6 * SUPERSAMPLING), joint="curve")
    layer = layer.resize(image.size, Image.Resampling.LANCZOS)
    image.paste(layer, (0, 0), layer)


def _net(draw: ImageDraw.ImageDraw, end: int) -> None:
    """The net as a mesh over roof, back and both sides."""
    front = end * HALF_LENGTH
    back = end * (HALF_LENGTH + GOAL_DEPTH)
    wide = GOAL_HALF_WIDTH
    tall = GOAL_HEIGHT
    floor = [_at(front, -wide), _at(back, -wide), _at(back, wide), _at(front, wide)]
    draw.polygon(floor, fill=(10, 30, 14, 90))
    sheets = (
        ((front, -wide, tall), (back, -wide, tall), (front, wide, tall), (back, wide, tall)),
        ((back, -wide, 0), (back, -wide, tall), (back, wide, 0), (back, wide, tall)),
        ((front, -wide, 0), (back, -wide, 0), (front, -wide, tall), (back, -wide, tall)),
    )
    for sheet in sheets:
        _mesh(draw, *(np.array(corner, float) for corner in sheet))


def _mesh(draw: ImageDraw.ImageDraw, a: np.ndarray, b: np.ndarray, c: np.ndarray, d: np.ndarray) -> None:
    """Strings of a sheet with edges a-b and c-d."""
    for count, starts, ends in ((11, (a, c), (b, d)), (6, (a, b), (c, d))):
        for share in np.linspace(0, 1, count):
            start = starts[0] + share * (starts[1] - starts[0])
            end = ends[0] + share * (ends[1] - ends[0])
            draw.line([_at(*start), _at(*end)], fill=(235, 240, 240, 120), width=SUPERSAMPLING)
