"""Footage that no commentator of ours knows: test cards, noise, slides, a desktop, a simple game of another kind.

Each scene is drawn from a seed and draws any second of itself: uint8 RGB (720, 1280, 3).
"""

from __future__ import annotations

from collections.abc import Callable
from random import Random

import numpy as np
from PIL import Image, ImageDraw, ImageFont

SIZE = (1280, 720)
WORDS = [
    "plan",
    "report",
    "quarter",
    "revenue",
    "agenda",
    "review",
    "budget",
    "team",
    "launch",
    "summary",
    "results",
    "method",
    "figure",
    "table",
    "next",
    "steps",
    "open",
    "risks",
    "customers",
    "market",
    "data",
    "model",
    "design",
    "release",
    "notes",
    "index",
    "backlog",
    "owner",
    "status",
]
BARS = ((192, 192, 192), (192, 192, 0), (0, 192, 192), (0, 192, 0), (192, 0, 192), (192, 0, 0), (0, 0, 192))
Colour = tuple[int, int, int]
Scene = Callable[[float], np.ndarray]


def test_card(rng: Random) -> Scene:
    """Colour bars, a grey ramp, a running clock and a square that crosses once every few seconds."""
    bars = list(BARS)
    rng.shuffle(bars)
    period_s = rng.uniform(4.0, 12.0)
    split = rng.randrange(380, 560)

    def draw(time_s: float) -> np.ndarray:
        image = Image.new("RGB", SIZE)
        pen = ImageDraw.Draw(image)
        width = SIZE[0] / len(bars)
        for number, colour in enumerate(bars):
            pen.rectangle((number * width, 0, (number + 1) * width, split), fill=colour)
        for number in range(16):
            level = 17 * number
            pen.rectangle((number * 80, split, number * 80 + 80, SIZE[1]), fill=(level, level, level))
        x = SIZE[0] * (time_s / period_s % 1)
        pen.rectangle((x, split + 40, x + 60, split + 100), fill=(255, 255, 255))
        _text(pen, (640, 80), f"{int(time_s) // 60:02d}:{time_s % 60:05.2f}", 64, (16, 16, 16))
        return np.array(image)

    return draw


def noise(rng: Random) -> Scene:
    """Snow of a given grain, grey or coloured; every frame is new."""
    grain = rng.choice((1, 2, 4, 8))
    channels = rng.choice((1, 3))
    seed = rng.randrange(1 << 30)

    def draw(time_s: float) -> np.ndarray:
        drawn = np.random.default_rng([seed, round(time_s * 1000)])
        small = drawn.integers(0, 256, (SIZE[1] // grain, SIZE[0] // grain, channels), np.uint8)
        large = small.repeat(grain, 0).repeat(grain, 1)
        return np.ascontiguousarray(np.broadcast_to(large, (*large.shape[:2], 3)))

    return draw


def slides(rng: Random) -> Scene:
    """A talk: a title and its points, which appear one by one; a new slide every 8 to 20 s."""
    dark = rng.random() < 0.4
    paper: Colour = (28, 30, 38) if dark else (250, 250, 246)
    ink: Colour = (232, 232, 236) if dark else (30, 32, 40)
    accent = _colour(rng)
    stay_s = rng.uniform(8.0, 20.0)
    seed = rng.randrange(1 << 30)

    def draw(time_s: float) -> np.ndarray:
        number, inside = divmod(time_s, stay_s)
        slide = Random(f"slide {seed} {int(number)}")
        image = Image.new("RGB", SIZE, paper)
        pen = ImageDraw.Draw(image)
        pen.rectangle((0, 0, SIZE[0], 14), fill=accent)
        _text(pen, (640, 110), _phrase(slide, 3).title(), 56, ink)
        points = [_phrase(slide, slide.randrange(3, 7)) for _ in range(slide.randrange(2, 6))]
        for row, point in enumerate(points[: 1 + int(inside / stay_s * len(points) * 1.2)]):
            pen.ellipse((150, 238 + 80 * row, 166, 254 + 80 * row), fill=accent)
            pen.text((190, 226 + 80 * row), point, font=ImageFont.load_default(34), fill=ink)
        _text(pen, (1220, 690), str(int(number) + 1), 24, ink)
        return np.array(image)

    return draw


def desktop(rng: Random) -> Scene:
    """Windows full of text on a background; a line is typed, the pointer wanders. None opens: that would be an event of
    the desktop programme."""
    background = _colour(rng)
    seed = rng.randrange(1 << 30)
    windows = rng.randint(2, 4)

    def draw(time_s: float) -> np.ndarray:
        image = Image.new("RGB", SIZE, background)
        pen = ImageDraw.Draw(image)
        for number in range(windows):
            _window(pen, Random(f"window {seed} {number}"), time_s if number == windows - 1 else None)
        pen.rectangle((0, 690, SIZE[0], SIZE[1]), fill=(36, 38, 46))
        x = 640 + 500 * np.sin(0.31 * time_s + seed)
        y = 350 + 280 * np.sin(0.47 * time_s)
        pen.polygon(((x, y), (x + 6, y + 20), (x + 14, y + 14)), fill=(255, 255, 255), outline=(0, 0, 0))
        return np.array(image)

    return draw


def _window(pen: ImageDraw.ImageDraw, rng: Random, time_s: float | None) -> None:
    """A window whose text is typed row by row, again and again; None: all of it stands there."""
    left = rng.randrange(0, 640)
    top = rng.randrange(0, 300)
    right = left + rng.randrange(360, 640)
    bottom = top + rng.randrange(240, 380)
    dark = rng.random() < 0.5
    pen.rectangle((left, top, right, bottom), fill=(30, 32, 38) if dark else (246, 246, 246), outline=(90, 90, 96))
    pen.rectangle((left, top, right, top + 26), fill=_colour(rng))
    font = ImageFont.load_default(15)
    rows = range(top + 36, bottom - 20, 20)
    typed = len(rows) if time_s is None else max(1, int(time_s * 1.5 % (len(rows) + 1)))
    for y in rows[:typed]:
        indent = 20 * rng.randrange(3)
        words = _phrase(rng, rng.randrange(2, 6))[: (right - left - indent) // 9]
        pen.text((left + 12 + indent, y), words, font=font, fill=_ink(rng, dark))


def paddle_game(rng: Random) -> Scene:
    """A ball between a paddle and rows of bricks, which go one by one."""
    colours = [_colour(rng) for _ in range(5)]
    speed = rng.uniform(260.0, 520.0)
    phase = rng.uniform(0, 1000)
    order = list(range(70))
    rng.shuffle(order)

    def draw(time_s: float) -> np.ndarray:
        image = Image.new("RGB", SIZE, (8, 8, 16))
        pen = ImageDraw.Draw(image)
        gone = set(order[: int(time_s * 0.8) % 71])
        for brick in range(70):
            row, column = divmod(brick, 14)
            if brick not in gone:
                x = 20 + 89 * column
                pen.rectangle((x, 60 + 40 * row, x + 82, 92 + 40 * row), fill=colours[row])
        ball_x = _bounced(phase + speed * time_s, 20, 1260)
        ball_y = _bounced(phase + 0.77 * speed * time_s, 280, 650)
        pen.ellipse((ball_x - 10, ball_y - 10, ball_x + 10, ball_y + 10), fill=(255, 255, 255))
        pen.rectangle((ball_x - 70, 664, ball_x + 70, 680), fill=(220, 220, 230))
        return np.array(image)

    return draw


def _bounced(way: float, low: float, high: float) -> float:
    """A point that runs to and fro between two walls."""
    span = high - low
    return low + span - abs(way % (2 * span) - span)


def _colour(rng: Random) -> Colour:
    return rng.randrange(30, 220), rng.randrange(30, 220), rng.randrange(30, 220)


def _ink(rng: Random, dark: bool) -> Colour:
    if rng.random() < 0.2:
        return _colour(rng)
    return (210, 212, 216) if dark else (40, 42, 48)


def _phrase(rng: Random, words: int) -> str:
    return " ".join(rng.choice(WORDS) for _ in range(words))


def _text(pen: ImageDraw.ImageDraw, middle: tuple[int, int], text: str, size: int, ink: Colour) -> None:
    pen.text(middle, text, font=ImageFont.load_default(size), fill=ink, anchor="mm")


SCENES: tuple[Callable[[Random], Scene], ...] = (test_card, noise, slides, desktop, paddle_game)
