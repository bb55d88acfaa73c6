"""The time line of a recorded session: lines, silence, pauses, gaps, drops, marks, and the gauges' curves."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QBrush,
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPixmap,
    QPolygonF,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from app.colours import Role
from app.library.session_view import Points, SessionView
from app.session.records import clock
from app.translation import tr

TOP = 20
LANE = 26
DOT_LANE = 16
CURVE = 30
LABEL = 16
EDGE = 8
STEP_S = 1.0
MAX_TICKS = 8
STEPS_S = (1, 2, 5, 10, 30, 60, 120, 300, 600, 1800, 3600, 7200, 21_600, 86_400)
KINDS = {
    "line": Role.ACCENT,
    "pause": Role.FAINT,
    "gap": Role.ALARM,
    "drop": Role.ALARM,
    "difference": Role.ALARM,
    "jump": Role.ALARM,
    "mark": Role.MARK,
    "question": Role.NOTE,
    "note": Role.NOTE,
}
PATTERNS = {"pause": Qt.BrushStyle.Dense5Pattern, "gap": Qt.BrushStyle.BDiagPattern}
"""Of bars; the others are filled."""
RADIUS = 3.5


class TimeLine(QWidget):
    """Click or drag to go somewhere; the arrow keys go by one second.

    Attributes:
        at: the second of video time that is looked at.

    Signals:
        moved: the user has gone to that second (a float).
    """

    moved = Signal(float)

    def __init__(self) -> None:
        super().__init__()
        self.at = 0.0
        self._span = (0.0, 1.0)
        self._bars: list[tuple[float, float, str]] = []
        self._dots: list[tuple[float, str]] = []
        self._curves: list[tuple[str, Points]] = []
        self._picture: QPixmap | None = None
        self.setAccessibleName(tr("Time line"))
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def show_view(self, view: SessionView) -> None:
        self._span = view.span
        self._bars = view.bars
        self._dots = view.dots
        self._curves = view.curves
        self._picture = None
        self.updateGeometry()
        self.update()

    def go_to(self, at: float) -> None:
        """Shows that second as the one looked at; tells nobody."""
        self.at = min(max(at, self._span[0]), self._span[1])
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(600, TOP + LANE + DOT_LANE + len(self._curves) * (CURVE + LABEL) + EDGE)

    def place_of(self, at: float) -> float:
        """The pixel of that second."""
        first, last = self._span
        return EDGE + (at - first) / (last - first) * (self.width() - 2 * EDGE)

    def second_at(self, x: float) -> float:
        """The second of that pixel."""
        first, last = self._span
        share = (x - EDGE) / max(1, self.width() - 2 * EDGE)
        return min(max(first + share * (last - first), first), last)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._move(self.second_at(event.position().x()))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._move(self.second_at(event.position().x()))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = {Qt.Key.Key_Left: -STEP_S, Qt.Key.Key_Right: STEP_S}
        if event.key() in steps:
            self._move(self.at + steps[Qt.Key(event.key())])
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._picture is None:
            self._picture = self._painted()
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.drawPixmap(0, 0, self._picture)
        painter.setPen(QPen(theme.colour(Role.TEXT), 1.4))
        x = self.place_of(self.at)
        painter.drawLine(QPointF(x, TOP - 4), QPointF(x, self.height() - EDGE))
        painter.end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._picture = None

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._picture = None

    def _painted(self) -> QPixmap:
        """All but where one is: painted once, for a session of many hours has ten thousand lines."""
        ratio = self.devicePixelRatioF()
        picture = QPixmap(self.size() * ratio)
        picture.setDevicePixelRatio(ratio)
        picture.fill(Qt.GlobalColor.transparent)
        painter = QPainter(picture)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(theme.ui_font(8.5))
        self._paint_axis(painter)
        self._paint_bars(painter)
        for number, (label, points) in enumerate(self._curves):
            self._paint_curve(painter, label, points, TOP + LANE + DOT_LANE + number * (CURVE + LABEL))
        painter.end()
        return picture

    def _move(self, at: float) -> None:
        self.go_to(at)
        self.moved.emit(self.at)

    def _paint_axis(self, painter: QPainter) -> None:
        first, last = self._span
        step = next((step for step in STEPS_S if (last - first) / step <= MAX_TICKS), STEPS_S[-1])
        painter.setPen(theme.colour(Role.MUTED))
        at = -(-first // step) * step
        while at <= last:
            text = clock(at)
            width = painter.fontMetrics().horizontalAdvance(text)
            left = min(max(self.place_of(at) - width / 2, 0), self.width() - width)
            painter.drawText(QPointF(left, 12), text)
            at += step

    def _paint_bars(self, painter: QPainter) -> None:
        ground = QRectF(EDGE, TOP, self.width() - 2 * EDGE, LANE - 4)
        painter.fillRect(ground, theme.colour(Role.RAISED))
        for start, end, kind in self._bars:
            left = self.place_of(start)
            width = max(1.0, self.place_of(end) - left - 0.5)
            pattern = PATTERNS.get(kind, Qt.BrushStyle.SolidPattern)
            painter.fillRect(QRectF(left, TOP, width, LANE - 4), QBrush(_colour(kind), pattern))
        for at, kind in self._dots:
            _paint_dot(painter, QPointF(self.place_of(at), TOP + LANE + 4), kind)

    def _paint_curve(self, painter: QPainter, label: str, points: Points, top: float) -> None:
        largest = max(value for _, value in points) or 1.0
        painter.setPen(theme.colour(Role.MUTED))
        painter.drawText(QPointF(EDGE + 5, top + 11), label)
        line = QPolygonF(
            [QPointF(self.place_of(at), top + LABEL + CURVE * (1 - value / largest)) for at, value in points]
        )
        painter.setPen(QPen(theme.colour(Role.ACCENT), 1.4))
        painter.drawPolyline(line)


def _paint_dot(painter: QPainter, middle: QPointF, kind: str) -> None:
    """A shape for each kind: a mark is a triangle, what was dropped a cross, others a ring, a note a disc."""
    painter.setPen(QPen(_colour(kind), 1.6))
    painter.setBrush(_colour(kind) if kind in ("mark", "note") else Qt.BrushStyle.NoBrush)
    right = QPointF(RADIUS, 0)
    down = QPointF(0, RADIUS)
    if kind == "mark":
        painter.drawPolygon(QPolygonF([middle - down, middle + down + right, middle + down - right]))
    elif kind == "drop":
        painter.drawLine(middle - right - down, middle + right + down)
        painter.drawLine(middle - right + down, middle + right - down)
    else:
        painter.drawEllipse(middle, RADIUS, RADIUS)


def _colour(kind: str) -> QColor:
    return theme.colour(KINDS.get(kind, Role.MUTED))
