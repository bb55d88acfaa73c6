"""One caption as pixels: wrapped, outlined and shadowed once, then only blended."""

from __future__ import annotations

import math
from functools import lru_cache

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QPainter, QPixmap, QTextLayout, QTextOption

from app import theme

LINE_SPACING = 1.22
OUTLINE_SHARE = 0.06  # of the font's size
BLEED = 4.0  # pixels round the text for outline and shadow


def caption_font(pixels: int) -> QFont:
    return theme.pixel_font(pixels, QFont.Weight.DemiBold)


@lru_cache(maxsize=64)
def rows(text: str, pixels: int, width: int) -> tuple[str, ...]:
    """`text` wrapped at `width` logical pixels, between words where possible. Never elided."""
    layout = QTextLayout(text, caption_font(pixels))
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


def height(text: str, pixels: int, width: int) -> float:
    """Logical pixels that the wrapped text is high."""
    return len(rows(text, pixels, width)) * row_height(pixels)


@lru_cache(maxsize=16)
def picture(text: str, pixels: int, width: int, scale: float) -> QPixmap:
    """The caption on nothing, `BLEED` larger than the text on each side. `scale`: device pixels per logical pixel.

    The outline is the text itself in black, shifted in a ring: 25 times faster than stroking its contour.
    """
    size = QSizeF(width + 2 * BLEED, height(text, pixels, width) + 2 * BLEED)
    made = QPixmap((size * scale).toSize())
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setFont(caption_font(pixels))
    painter.setPen(QColor(0, 0, 0, 60))
    for shift in _ring(3.0):
        _write(painter, text, pixels, width, shift + QPointF(0, 1))
    painter.setPen(QColor(0, 0, 0, 215))
    for shift in _ring(max(1.0, pixels * OUTLINE_SHARE)):
        _write(painter, text, pixels, width, shift)
    painter.setPen(QColor("white"))
    _write(painter, text, pixels, width, QPointF())
    painter.end()
    return made


def _ring(radius: float) -> list[QPointF]:
    return [QPointF(radius * math.cos(turn * math.pi / 4), radius * math.sin(turn * math.pi / 4)) for turn in range(8)]


def _write(painter: QPainter, text: str, pixels: int, width: int, shift: QPointF) -> None:
    metrics = painter.fontMetrics()
    step = row_height(pixels)
    baseline = BLEED + (step - metrics.height()) / 2 + metrics.ascent()
    for number, row in enumerate(rows(text, pixels, width)):
        painter.drawText(QPointF(BLEED, baseline + number * step) + shift, row)
