"""One caption as pixels: wrapped, outlined and shadowed once, then only blended."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QPointF, QSizeF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPainterPath, QPen, QPixmap, QTextLayout, QTextOption

from app import theme

LINE_SPACING = 1.22
OUTLINE_SHARE = 0.14  # of the font's size, both sides together
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
    """The caption on nothing, `BLEED` larger than the text on each side. `scale`: device pixels per logical pixel."""
    size = QSizeF(width + 2 * BLEED, height(text, pixels, width) + 2 * BLEED)
    made = QPixmap((size * scale).toSize())
    made.setDevicePixelRatio(scale)
    made.fill(Qt.GlobalColor.transparent)
    painter = QPainter(made)
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    outline = _outline(text, pixels, width)
    edge = QPen(QColor(0, 0, 0, 200), max(2.0, pixels * OUTLINE_SHARE))
    edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.translate(0, 1.5)
    painter.strokePath(outline, QPen(QColor(0, 0, 0, 90), edge.widthF() + 2.5))
    painter.translate(0, -1.5)
    painter.strokePath(outline, edge)
    painter.fillPath(outline, QColor("white"))
    painter.end()
    return made


def _outline(text: str, pixels: int, width: int) -> QPainterPath:
    font = caption_font(pixels)
    metrics = QFontMetricsF(font)
    step = row_height(pixels)
    baseline = BLEED + (step - metrics.height()) / 2 + metrics.ascent()
    path = QPainterPath()
    path.setFillRule(Qt.FillRule.WindingFill)
    for number, row in enumerate(rows(text, pixels, width)):
        path.addText(QPointF(BLEED, baseline + number * step), font, row)
    return path
