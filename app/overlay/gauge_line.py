"""One line of figures at the lower edge of the caption band, in the captions' own letters and colours."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetricsF, QPainter

from app.caption_style import CaptionStyle
from app.overlay import caption_picture

SMALLEST = 13
SHARE = 1 / 3
"""Of the captions' size, where that is fixed: what is read from the last row is still readable from there."""
PADDING_X = 10
CORNER = 7
BETWEEN = "  ·  "


def letters(style: CaptionStyle) -> int:
    """Their size in logical pixels."""
    return max(SMALLEST, round(style.pixels * SHARE))


def height(gauges: Sequence[str], style: CaptionStyle) -> int:
    """Logical pixels that the line takes of the band; 0 without gauges."""
    return 0 if not gauges else round(caption_picture.row_height(letters(style))) + 4


def area(band: QRect, gauges: Sequence[str], style: CaptionStyle) -> QRectF:
    """Where the line lies in the band, in logical pixels."""
    room = band.width() - 2 * PADDING_X
    width = min(room, _width(_fitting(tuple(gauges), room, style), style)) + 2 * PADDING_X
    left = (band.width() - width) * caption_picture.FREE_SHARE[style.align]
    high = height(gauges, style)
    return QRectF(left, band.height() - high, width, high)


def paint(painter: QPainter, band: QRect, gauges: Sequence[str], style: CaptionStyle) -> None:
    """Upon a plate of its own, as strong as that of the captions; nothing without gauges."""
    if not gauges:
        return
    box = area(band, gauges, style)
    text = _fitting(tuple(gauges), band.width() - 2 * PADDING_X, style)
    ground = QColor(style.plate)
    ground.setAlphaF(style.opacity)
    painter.setClipping(False)
    painter.setOpacity(1.0)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(box, CORNER, CORNER)
    bleed = caption_picture.BLEED
    room = round(box.width() - 2 * PADDING_X) + 1
    picture = caption_picture.picture(text, letters(style), room, painter.device().devicePixelRatioF(), style)
    painter.drawPixmap(QPointF(box.left() + PADDING_X - bleed, box.top() + 2 - bleed), picture)


@lru_cache(maxsize=4)
def _fitting(gauges: tuple[str, ...], room: float, style: CaptionStyle) -> str:
    """As many of them as `room` logical pixels hold, at least the first."""
    for count in range(len(gauges), 1, -1):
        if _width(text := BETWEEN.join(gauges[:count]), style) <= room:
            return text
    return gauges[0]


def _width(text: str, style: CaptionStyle) -> float:
    return float(QFontMetricsF(caption_picture.caption_font(letters(style), style.font)).horizontalAdvance(text)) + 1
