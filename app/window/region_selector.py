"""A region of the desktop, drawn with the mouse over frozen pictures of the screens."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QObject, QPoint, QRect, Qt, Signal
from PySide6.QtGui import QGuiApplication, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPen, QScreen
from PySide6.QtWidgets import QWidget

from app import theme
from app.capture.rectangles import Rectangle
from app.colours import Role
from app.overlay.desktop import rect_of
from app.overlay.place import device_point
from app.texts import noop
from app.translation import tr

SMALLEST = 16
"""Device pixels; anything less is a slip of the hand."""
SHADE = 0.43
HINT = noop("Drag over what is to be watched. Esc cancels.")


@dataclass(frozen=True, slots=True)
class ScreenArea:
    """A screen: its place in logical pixels, and device pixels for each of them."""

    rect: Rectangle
    scale: float


def region_of(start: tuple[int, int], end: tuple[int, int], screens: list[ScreenArea]) -> Rectangle:
    """x, y, width, height in device pixels of the desktop, between two points in logical pixels, in any order.

    Each point is placed by the scale of the screen that it lies on, before they are compared: on screens of different
    scales what lies higher in logical pixels may lie lower on the desktop.
    """
    first = _device(start, screens)
    second = _device(end, screens)
    left = min(first[0], second[0])
    top = min(first[1], second[1])
    return left, top, max(first[0], second[0]) - left, max(first[1], second[1]) - top


def _device(point: tuple[int, int], screens: list[ScreenArea]) -> tuple[int, int]:
    def distance(screen: ScreenArea) -> int:
        x, y, width, height = screen.rect
        return max(x - point[0], point[0] - x - width, y - point[1], point[1] - y - height, 0)

    nearest = min(screens, key=distance)
    return device_point(point, nearest.rect[:2], nearest.scale)


class RegionSelector(QObject):
    """A window over each screen until a region is drawn or Esc is pressed.

    Attributes:
        sheets: these windows.

    Signals:
        chosen: x, y, width, height in device pixels. cancelled: nothing was chosen.
    """

    chosen = Signal(object)
    cancelled = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self.sheets = [Sheet(self, screen) for screen in QGuiApplication.screens()]
        self._start: QPoint | None = None
        self._end = QPoint()

    def open(self) -> None:
        for sheet in self.sheets:
            sheet.show()
            sheet.raise_()
        self.sheets[0].activateWindow()
        self.sheets[0].grabKeyboard()  # no window manager gives it to such windows

    @property
    def is_drawing(self) -> bool:
        """The button has been pressed."""
        return self._start is not None

    def region(self) -> Rectangle:
        """In device pixels."""
        screens = [
            ScreenArea(rect_of(screen.geometry()), screen.devicePixelRatio()) for screen in QGuiApplication.screens()
        ]
        start = self._start or self._end
        return region_of((start.x(), start.y()), (self._end.x(), self._end.y()), screens)

    def press(self, where: QPoint) -> None:
        self._start = where
        self.move(where)

    def move(self, where: QPoint) -> None:
        self._end = where
        for sheet in self.sheets:
            sheet.update()

    def release(self, where: QPoint) -> None:
        self.move(where)
        region = self.region()
        if self._start is None or min(region[2:]) < SMALLEST:
            self._start = None
            self.move(where)
            return
        self._close()
        self.chosen.emit(region)

    def cancel(self) -> None:
        self._close()
        self.cancelled.emit()

    def _close(self) -> None:
        self.sheets[0].releaseKeyboard()
        for sheet in self.sheets:
            sheet.close()
            sheet.deleteLater()


class Sheet(QWidget):
    """Covers one screen with a shaded picture of itself, bright where the region is."""

    def __init__(self, selector: RegionSelector, screen: QScreen) -> None:
        super().__init__(
            None,
            Qt.WindowType.FramelessWindowHint
            | Qt.WindowType.WindowStaysOnTopHint
            | Qt.WindowType.BypassWindowManagerHint
            | Qt.WindowType.Tool,
        )
        self._selector = selector
        self._picture = screen.grabWindow(0)
        self.setWindowTitle(tr("Region"))
        self.setAccessibleName(tr(HINT))
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setScreen(screen)
        self.setGeometry(screen.geometry())

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._selector.press(event.globalPosition().toPoint())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if event.buttons() & Qt.MouseButton.LeftButton:
            self._selector.move(event.globalPosition().toPoint())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._selector.release(event.globalPosition().toPoint())

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() == Qt.Key.Key_Escape:
            self._selector.cancel()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.drawPixmap(self.rect(), self._picture)
        painter.fillRect(self.rect(), theme.colour(Role.SHADE, SHADE))
        if self._selector.is_drawing:
            self._paint_region(painter, self._selector.region())
        else:
            self._write(painter, tr(HINT), QPoint(self.width() // 2, self.height() // 3))
        painter.end()

    def _paint_region(self, painter: QPainter, region: Rectangle) -> None:
        """What of it lies on this screen; region: in device pixels."""
        corner = self.geometry().topLeft()
        x, y, width, height = region
        scale = self.devicePixelRatioF()
        drawn = QRect(
            round((x - corner.x()) / scale),
            round((y - corner.y()) / scale),
            round(width / scale),
            round(height / scale),
        )
        painter.setClipRect(drawn)
        painter.drawPixmap(self.rect(), self._picture)
        painter.setClipping(False)
        painter.setPen(QPen(theme.colour(Role.ACCENT), 2))
        painter.drawRect(drawn)
        self._write(painter, f"{width} x {height}", QPoint(drawn.center().x(), drawn.bottom() + 22))

    def _write(self, painter: QPainter, text: str, centre: QPoint) -> None:
        """On a plate, wholly on this screen."""
        painter.setFont(theme.ui_font(12))
        plate = painter.fontMetrics().boundingRect(text).adjusted(-12, -6, 12, 6)
        plate.moveCenter(centre)
        plate.moveBottom(min(plate.bottom(), self.height() - 4))
        plate.moveLeft(max(4, min(plate.left(), self.width() - plate.width() - 4)))
        painter.fillRect(plate, theme.colour(Role.CARD))
        painter.setPen(theme.colour(Role.TEXT))
        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, text)
