"""The live picture."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QImage, QPainter, QPainterPath, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from app import theme
from app.colours import Role
from app.translation import tr
from core.raw_picture import RawPicture
from core.types import Frame

INTERVAL_MS = 33
CORNER = 12


class Preview(QWidget):
    """Shows the newest frame of a stream, in its own proportions.

    A timer looks for a new frame at most 30 times a second and only while the widget can be seen; nothing is painted
    when there is none.

    Attributes:
        painted: frames painted since the stream was set.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(tr("Live picture"))
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setMinimumSize(160, 90)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)  # thirty times a second, nothing below is painted
        self.painted = 0
        self._latest: Callable[[], Frame | None] | None = None
        self._frame: Frame | None = None
        self._hint = tr("Choose a source and press Start")
        self._timer = QTimer(self)
        self._timer.setInterval(INTERVAL_MS)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._look)

    def watch(self, latest: Callable[[], Frame | None] | None) -> None:
        """Takes frames from `latest` from now on; None keeps the last picture, dimmed."""
        self._latest = latest
        if latest is None:
            self._timer.stop()
            self.update()
            return
        self._frame = None
        self.painted = 0
        self.update()
        self._timer.start()

    def set_hint(self, hint: str) -> None:
        """What is written while there is no picture."""
        self._hint = hint
        self.update()

    def picture_rect(self) -> QRectF:
        """Where the picture lies: as large as fits, centred."""
        if self._frame is None:
            return QRectF(self.rect())
        height, width = self._frame.pixels.shape[:2]
        fitted = QSize(width, height).scaled(self.size(), Qt.AspectRatioMode.KeepAspectRatio)
        left = (self.width() - fitted.width()) / 2
        return QRectF(left, (self.height() - fitted.height()) / 2, fitted.width(), fitted.height())

    def sizeHint(self) -> QSize:
        return QSize(320, 180)  # it takes what the rest leaves

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        painter.fillRect(self.rect(), theme.colour(Role.GROUND))
        outline = QPainterPath()
        outline.addRoundedRect(QRectF(self.rect()), CORNER, CORNER)
        painter.fillPath(outline, theme.colour(Role.PICTURE))
        if self._frame is None:
            self._paint_hint(painter)
        else:
            painter.setClipPath(outline)
            painter.drawImage(self.picture_rect(), image_of(self._frame))
            if self._latest is None:
                painter.fillRect(self.rect(), theme.colour(Role.GROUND, 0.55))
            self.painted += 1
        painter.end()

    def _paint_hint(self, painter: QPainter) -> None:
        painter.setPen(theme.colour(Role.MUTED))
        painter.setFont(theme.pixel_font(14))
        painter.drawText(self.rect().adjusted(16, 0, -16, 0), int(Qt.AlignmentFlag.AlignCenter), self._hint)

    def _look(self) -> None:
        frame = self._latest() if self._latest is not None and self.isVisible() else None
        if frame is not None and frame is not self._frame:
            self._frame = frame
            self.update()


def image_of(frame: Frame) -> QImage:
    """The frame as a QImage over the same bytes: no copy, so `frame` must outlive it."""
    pixels = frame.pixels
    if isinstance(pixels, RawPicture) and not pixels.is_planar:
        height, width, _ = pixels.shape
        return QImage(pixels.data.data, width, height, pixels.data.strides[0], QImage.Format.Format_RGB32)
    height, width, _ = frame.image.shape
    return QImage(frame.image.data, width, height, frame.image.strides[0], QImage.Format.Format_RGB888)
