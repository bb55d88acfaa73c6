"""What lies below the captions: the plate, and the frame while the band is being moved."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QRegion

from app import theme
from app.caption_style import CaptionStyle
from app.colours import Look, Role, value

CORNER = 14


def paint_plate(painter: QPainter, band: QRect, top: float, strength: float, style: CaptionStyle) -> None:
    """From `top` to the band's bottom; `strength` from 0 to 1. Without a plate the mark goes, too."""
    plate = QRectF(0, top, band.width(), band.height() - top)
    ground = QColor(style.plate)
    ground.setAlphaF(style.opacity * strength)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawRoundedRect(plate, CORNER, CORNER)
    if style.opacity and style.align == "left":
        mark = QRectF(11, plate.top() + 14, 3, plate.height() - 28)
        accent = QColor(value(Role.ACCENT, Look.DARK))  # on the plate, which no look changes
        accent.setAlphaF(strength)
        painter.setBrush(accent)
        painter.drawRoundedRect(mark, 1.5, 1.5)


def paint_frame(painter: QPainter, band: QRect) -> None:
    painter.setPen(QPen(theme.colour(Role.ACCENT), 2, Qt.PenStyle.DashLine))
    painter.setBrush(theme.colour(Role.GROUND, 0.6))
    painter.drawRoundedRect(QRectF(band).adjusted(1, 1, -1, -1), CORNER, CORNER)
    painter.setPen(QPen(theme.colour(Role.ACCENT), 2))
    corner = QPointF(band.width() - 7, band.height() - 7)
    for step in (6, 11, 16):
        painter.drawLine(corner - QPointF(step, 0), corner - QPointF(0, step))


def rounded(rect: QRect) -> QRegion:
    """A region with the plate's corners."""
    square = CORNER * 2
    region = QRegion(rect.adjusted(CORNER, 0, -CORNER, 0)) + QRegion(rect.adjusted(0, CORNER, 0, -CORNER))
    for left in (rect.left(), rect.right() - square + 1):
        for top in (rect.top(), rect.bottom() - square + 1):
            region += QRegion(left, top, square, square, QRegion.RegionType.Ellipse)
    return region
