"""One caption as pixels: wrapped, outlined and shadowed once, then only blended."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap, QTextLayout, QTextOption

from app import theme
from app.caption_style import Alignment, CaptionStyle
from app.overlay.captions import Shown

LINE_SPACING = 1.22
ROWS_AT_FULL_SIZE = 3
MIN_FONT = 11
MAX_FONT = 34
BLEED = 4.0  # pixels round the text for outline and shadow
FREE_SHARE: dict[Alignment, float] = {"left": 0.0, "centre": 0.5, "right": 1.0}
"""Of the room that a row leaves, what stands in front of it."""


def caption_font(pixels: int, family: str = "") -> QFont:
    font = theme.pixel_font(pixels, QFont.Weight.DemiBold)
    if family:
        font.setFamilies([family, *font.families()])
    return font


@lru_cache(maxsize=64)
def rows(text: str, pixels: int, width: int, family: str = "") -> tuple[str, ...]:
    """`text` wrapped at `width` logical pixels, between words where possible. Never elided."""
    layout = QTextLayout(text, caption_font(pixels, family))
    option = QTextOption()
    option.setWrapMode(QTextOption.WrapMode.WrapAtWordBoundaryOrAnywhere)
    layout.setTextOption(option)
    layout.beginLayout()
    wrapped = []
    while (line := layout.createLine()).isValid():
        line.setLineWidth(width)
        wrapped.append(text[line.textStart() : line.textStart() + line.textLength()].strip())
    layout.endLayout()
    return tuple(wrapped)


def row_height(pixels: int) -> float:
    return round(pixels * LINE_SPACING)


def height(text: str, pixels: int, width: int, family: str = "") -> float:
    """Logical pixels that the wrapped text is high."""
    return len(rows(text, pixels, width, family)) * row_height(pixels)


def fit(shown: Sequence[Shown], room: float, width: int, style: CaptionStyle) -> tuple[int, list[float]]:
    """The font size at which all lines that are still to be read fit, and each line's height at that size.

    `room`, `width`: logical pixels that there are.
    """
    pixels = style.pixels or round(min(MAX_FONT, max(MIN_FONT, room / ROWS_AT_FULL_SIZE / LINE_SPACING)))
    while True:
        heights = [height(line.text, pixels, width, style.font) for line in shown]
        needed = sum(high for high, line in zip(heights, shown, strict=True) if not line.leaving)
        if needed <= room or pixels <= MIN_FONT:
            return pixels, heights
        pixels -= 1


@lru_cache(maxsize=16)
def picture(text: str, pixels: int, width: int, scale: float, style: CaptionStyle) -> QPixmap:
    """The caption on nothing, `BLEED` larger than the text on each side. `scale`: device pixels per logical pixel.

    The outline is the text itself in its colour, shifted in a ring: 25 times faster than stroking its contour.
    """
    size = QSizeF(width + 2 * BLEED, height(text, pixels, width, style.font) + 2 * BLEED)
    made = QPixmap((size * scale).toSize())
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setFont(caption_font(pixels, style.font))
    placed = _placed(painter, text, pixels, width, style)
    if style.outline:
        painter.setPen(_see_through(style.outline_colour, 60))
        for shift in _ring(3.0):
            _write(painter, placed, shift + QPointF(0, 1))
        painter.setPen(_see_through(style.outline_colour, 215))
        for shift in _ring(max(1.0, pixels * style.outline)):
            _write(painter, placed, shift)
    painter.setPen(QColor(style.colour))
    _write(painter, placed, QPointF())
    painter.end()
    return made


def _see_through(colour: str, alpha: int) -> QColor:
    made = QColor(colour)
    made.setAlpha(alpha)
    return made


def _ring(radius: float) -> list[QPointF]:
    return [QPointF(radius * math.cos(turn * math.pi / 4), radius * math.sin(turn * math.pi / 4)) for turn in range(8)]


def _placed(painter: QPainter, text: str, pixels: int, width: int, style: CaptionStyle) -> list[tuple[QPointF, str]]:
    """Each row and where its baseline begins."""
    metrics = painter.fontMetrics()
    step = row_height(pixels)
    baseline = BLEED + (step - metrics.height()) / 2 + metrics.ascent()
    placed = []
    for number, row in enumerate(rows(text, pixels, width, style.font)):
        free = max(0, width - metrics.horizontalAdvance(row))
        placed.append((QPointF(BLEED + free * FREE_SHARE[style.align], baseline + number * step), row))
    return placed


def _write(painter: QPainter, placed: list[tuple[QPointF, str]], shift: QPointF) -> None:
    for place, row in placed:
        painter.drawText(place + shift, row)
