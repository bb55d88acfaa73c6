"""What lies over a broadcast's picture: the scoreboard, cards of half-time, full time and the next match, the mark of a
replay. Drawn large: a model sees the picture at 252 x 140, where a goal's digit is 12 pixels high."""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np
from PIL import Image, ImageDraw, ImageFont

from core.programmes.football.fixture import Colour, Fixture
from core.programmes.football.pitch import Play
from core.programmes.football.timeline import StateSamples

Block = tuple[float, Colour, Colour, str, int]  # width in pixels of 1280 x 720, ground, ink, text, its size
CARD_BOX = (330, 290, 620, 132)
BOXES = {
    "board": (28, 14, 362, 84),
    "half-time": CARD_BOX,
    "full-time": CARD_BOX,
    "next match": CARD_BOX,
    "replay": (1000, 14, 252, 72),
}
"""Left, top, width and height of each kind of caption, in pixels of the 1280 x 720 picture."""
CARDS = {Play.HALF_TIME: ("half-time", 0.1, 8.0), Play.FULL_TIME: ("full-time", 0.1, 9.0)}
CARDS |= {Play.INTERVAL: ("next match", 1.0, 9.0)}  # from and until when in the phase, seconds
CARD_GROUNDS: dict[str, Colour] = {
    "half-time": (0.06, 0.16, 0.48),
    "full-time": (0.55, 0.05, 0.10),
    "next match": (0.05, 0.36, 0.20),
}
INK: Colour = (0.05, 0.06, 0.09)
PAPER: Colour = (0.96, 0.96, 0.97)
LABEL_GROUND: Colour = (0.07, 0.08, 0.12)
REPLAY_GROUND: Colour = (0.96, 0.80, 0.06)
LIGHT = 0.55  # of a ground: darker ones have light letters
SUPERSAMPLING = 2
DIGIT_DROP = 0.045  # of a font's size: how far capitals and digits stand below its middle


@dataclass(frozen=True, slots=True)
class Caption:
    """One thing laid over the picture.

    kind   one of BOXES
    score  goals of teams 0 and 1; of a board
    label  what a board says beside them: the minute, "HT" or "FT"
    """

    kind: str
    score: tuple[int, int] = (0, 0)
    label: str = ""


def shown(samples: StateSamples, frame: int, board: bool) -> list[Caption]:
    """The captions of one frame of the samples; the scoreboard only if asked for."""
    play = Play(int(samples.play[frame]))
    captions = []
    if board:
        score = int(samples.score[frame, 0]), int(samples.score[frame, 1])
        captions.append(Caption("board", score, _label(play, float(samples.clock[frame]))))
    if play == Play.REPLAY:
        captions.append(Caption("replay"))
    elif play in CARDS:
        kind, start_s, end_s = CARDS[play]
        if start_s - 1e-3 <= samples.play_time[frame] < end_s:
            captions.append(Caption(kind))
    return captions


def drawn(caption: Caption, fixture: Fixture, width: int, height: int) -> np.ndarray:
    """A caption of this many pixels: (height, width, 3) uint8."""
    picture = np.empty((height, width, 3), np.uint8)
    blocks = _blocks(caption, fixture)
    whole = BOXES[caption.kind][2]
    left = 0.0
    for wide, ground, ink, text, size in blocks:
        start = round(left * width / whole)
        left += wide
        stop = round(left * width / whole)
        cover = _letters(text, size, (round(wide), BOXES[caption.kind][3]), (stop - start, height))[..., None]
        under = 255 * np.array(ground, np.float32)
        picture[:, start:stop] = under + (255 * np.array(ink, np.float32) - under) * cover + 0.5
    return picture


def paste(picture: np.ndarray, caption: Caption, fixture: Fixture) -> None:
    """Lay a caption over a picture (H, W, 3) uint8 of any size, in place."""
    ratio = picture.shape[1] / 1280
    x, y, width, height = (round(part * ratio) for part in BOXES[caption.kind])
    picture[y : y + height, x : x + width] = _kept(caption, fixture, width, height)


@lru_cache(maxsize=32)
def _kept(caption: Caption, fixture: Fixture, width: int, height: int) -> np.ndarray:
    return drawn(caption, fixture, width, height)


def _label(play: Play, clock_s: float) -> str:
    ends = {Play.HALF_TIME: "HT", Play.FULL_TIME: "FT", Play.INTERVAL: ""}
    return ends.get(play, f"{int(clock_s // 60) + 1}'")


def _blocks(caption: Caption, fixture: Fixture) -> list[Block]:
    """What a caption is made of, from left to right."""
    if caption.kind == "replay":
        return [(252, REPLAY_GROUND, INK, "REPLAY", 58)]
    one = fixture.rgb[fixture.first]
    other = fixture.rgb[1 - fixture.first]
    if caption.kind != "board":
        ground = CARD_GROUNDS[caption.kind]
        return [(26, one, one, "", 1), (568, ground, PAPER, caption.kind.upper(), 82), (26, other, other, "", 1)]
    names = [fixture.names[team][:3].upper() for team in (fixture.first, 1 - fixture.first)]
    goals = [str(caption.score[team]) for team in (fixture.first, 1 - fixture.first)]
    return [
        (80, one, _ink(one), names[0], 31),
        (62, PAPER, INK, goals[0], 84),
        (4, INK, INK, "", 1),
        (62, PAPER, INK, goals[1], 84),
        (80, other, _ink(other), names[1], 31),
        (74, LABEL_GROUND, PAPER, caption.label, 44),
    ]


def _ink(ground: Colour) -> Colour:
    return INK if 0.3 * ground[0] + 0.6 * ground[1] + 0.1 * ground[2] > LIGHT else PAPER


@lru_cache(maxsize=2048)
def _letters(text: str, size: int, box: tuple[int, int], pixels: tuple[int, int]) -> np.ndarray:
    """How much a text in the middle of a box covers, 0..1: float32 (pixels[1], pixels[0])."""
    image = Image.new("L", (box[0] * SUPERSAMPLING, box[1] * SUPERSAMPLING))
    if text:
        font = ImageFont.load_default(size * SUPERSAMPLING)
        middle = image.width / 2, image.height / 2 - DIGIT_DROP * size * SUPERSAMPLING
        ImageDraw.Draw(image).text(
            middle, text, font=font, fill=255, anchor="mm", stroke_width=size // 32 * SUPERSAMPLING
        )
    return np.asarray(image.resize(pixels, Image.Resampling.LANCZOS), np.float32) / 255
