"""Something that is on or off."""

from __future__ import annotations

from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPen, QPolygonF
from PySide6.QtWidgets import QCheckBox, QStyle, QStyleOptionButton

from app import theme
from app.colours import Role


class CheckBox(QCheckBox):
    """A box with a drawn tick, since a style sheet has none without a picture file."""

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self.isChecked():
            return
        option = QStyleOptionButton()
        self.initStyleOption(option)
        box = self.style().subElementRect(QStyle.SubElement.SE_CheckBoxIndicator, option, self).toRectF()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(theme.colour(Role.ACCENT_INK), 2, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap))
        tick = ((0.26, 0.52), (0.44, 0.70), (0.76, 0.34))
        painter.drawPolyline(QPolygonF([box.topLeft() + QPointF(x * box.width(), y * box.height()) for x, y in tick]))
        painter.end()
