"""Dragging and resizing a window that has no frame."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, QPoint, QRect, Qt
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QWidget

from app.overlay.place import SMALLEST

EDGE = 12  # pixels from the border within which a drag resizes
CURSORS = {
    Qt.Edge.LeftEdge: Qt.CursorShape.SizeHorCursor,
    Qt.Edge.RightEdge: Qt.CursorShape.SizeHorCursor,
    Qt.Edge.TopEdge: Qt.CursorShape.SizeVerCursor,
    Qt.Edge.BottomEdge: Qt.CursorShape.SizeVerCursor,
    Qt.Edge.LeftEdge | Qt.Edge.TopEdge: Qt.CursorShape.SizeFDiagCursor,
    Qt.Edge.RightEdge | Qt.Edge.BottomEdge: Qt.CursorShape.SizeFDiagCursor,
    Qt.Edge.RightEdge | Qt.Edge.TopEdge: Qt.CursorShape.SizeBDiagCursor,
    Qt.Edge.LeftEdge | Qt.Edge.BottomEdge: Qt.CursorShape.SizeBDiagCursor,
}


class Grip(QObject):
    """Turns the mouse on `window` into moves and resizes, in the times in which the window takes the mouse."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window = window
        self._from: QPoint | None = None
        self._start = QRect()
        self._edges = Qt.Edge(0)
        window.setMouseTracking(True)
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QMouseEvent):
            where = event.globalPosition().toPoint()
            match event.type():
                case QEvent.Type.MouseButtonPress if event.button() == Qt.MouseButton.LeftButton:
                    self._from = where
                    self._start = self._window.geometry()
                    self._edges = self._edges_at(event.position().toPoint())
                case QEvent.Type.MouseMove if self._from is not None:
                    self._window.setGeometry(self._dragged(where - self._from))
                case QEvent.Type.MouseMove:
                    self._window.setCursor(self._cursor(self._edges_at(event.position().toPoint())))
                case QEvent.Type.MouseButtonRelease:
                    self._from = None
        return super().eventFilter(watched, event)

    def _dragged(self, by: QPoint) -> QRect:
        """The geometry after a drag: the whole window, or the edges that were taken, never smaller than SMALLEST."""
        rect = QRect(self._start)
        if not self._edges:
            return rect.translated(by)
        if self._edges & Qt.Edge.LeftEdge:
            rect.setLeft(min(rect.left() + by.x(), rect.right() - SMALLEST[0]))
        if self._edges & Qt.Edge.RightEdge:
            rect.setRight(max(rect.right() + by.x(), rect.left() + SMALLEST[0]))
        if self._edges & Qt.Edge.TopEdge:
            rect.setTop(min(rect.top() + by.y(), rect.bottom() - SMALLEST[1]))
        if self._edges & Qt.Edge.BottomEdge:
            rect.setBottom(max(rect.bottom() + by.y(), rect.top() + SMALLEST[1]))
        return rect

    def _edges_at(self, point: QPoint) -> Qt.Edge:
        edges = Qt.Edge(0)
        if point.x() < EDGE:
            edges |= Qt.Edge.LeftEdge
        if point.x() >= self._window.width() - EDGE:
            edges |= Qt.Edge.RightEdge
        if point.y() < EDGE:
            edges |= Qt.Edge.TopEdge
        if point.y() >= self._window.height() - EDGE:
            edges |= Qt.Edge.BottomEdge
        return edges

    @staticmethod
    def _cursor(edges: Qt.Edge) -> Qt.CursorShape:
        return CURSORS.get(edges, Qt.CursorShape.SizeAllCursor)
