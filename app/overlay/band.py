"""The captions over everything else on the screen: a translucent band that clicks pass through."""

from __future__ import annotations

import math
import time
from collections.abc import Callable

from PySide6.QtCore import QPointF, QRectF, Qt, QTimer, Signal
from PySide6.QtGui import (
    QColor,
    QHideEvent,
    QMoveEvent,
    QPainter,
    QPaintEvent,
    QRegion,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QWidget

from app.caption_style import CaptionStyle
from app.overlay import caption_picture, gauge_line
from app.overlay.captions import Captions, Shown
from app.overlay.click_through import overlay_flags, pass_clicks_through
from app.overlay.compositor import is_compositing
from app.overlay.desktop import publish_place, rect_of, usable_monitors
from app.overlay.grip import Grip
from app.overlay.monitor_places import MonitorPlaces
from app.overlay.place import WindowPlace
from app.overlay.plate import paint_frame, paint_plate, rounded
from app.overlay.screen_watch import ScreenWatch
from app.overlay.slide_animation import SlideAnimation
from app.overlay.stay_on_top import StayOnTop
from app.settings import Rect
from app.texts import noop
from app.translation import tr
from core.messages import Line, Piece

FRAME_MS = 16
PADDING_X = 26
PADDING_Y = 10
COMPOSITOR_EVERY_S = 5.0
MARKER_SIDE = 24
SAMPLE = noop("This is how what is said will look")


class CaptionBand(QWidget):
    """A frameless window without focus, never in the task bar, always on top.

    While something moves a timer fires each frame; else it waits for the next change, or does not run at all.

    Attributes:
        place: where the band is on the desktop, for the capture to leave out. places: where the user wants it.
        captions: which lines are visible.
        caption_style: how they look. sampling: whether something is shown in silence. gauges: the line below them.
        on_top: keeps it there.
        moving: whether the user is moving the band; only then does it take clicks.
        frames: how many times it was painted.
        clock: gives the monotonic seconds by which captions come and go.

    Signals:
        placed: (x, y, width, height) after the user moved or resized it.
    """

    placed = Signal(object)

    def __init__(
        self, place: WindowPlace, places: MonitorPlaces | None = None, clock: Callable[[], float] = time.monotonic
    ) -> None:
        super().__init__(None, overlay_flags())
        self.setWindowTitle(tr("Captions"))
        self.setAccessibleName(tr("Captions"))
        self.setAttribute(Qt.WidgetAttribute.WA_TranslucentBackground)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.setAttribute(Qt.WidgetAttribute.WA_QuitOnClose, False)
        self.place = place
        self.captions = Captions()
        self.caption_style = CaptionStyle()
        self.sampling = False
        self.gauges: tuple[str, ...] = ()
        self.moving = False
        self.frames = 0
        self.clock = clock
        self.places = places or MonitorPlaces()
        self.on_top = StayOnTop(self)
        self._slide = SlideAnimation()
        self._translucent = True
        self._look_again_at = -math.inf
        self._marker: QColor | None = None
        self._grip = Grip(self)
        self._timer = QTimer(self, singleShot=True)
        self._timer.setTimerType(Qt.TimerType.PreciseTimer)
        self._timer.timeout.connect(self._tick)
        self._screens = ScreenWatch(self)
        self._screens.changed.connect(self.put_back)
        self.put_back()

    # What is said

    def write(self, piece: Piece) -> None:
        self.captions.grow(piece.round, piece.text, self.clock())
        self._tick()

    def finish(self, line: Line) -> None:
        self.captions.finish(line.round, line.text, self.clock())
        if self.isVisible():
            if line.text:
                self.raise_()  # whatever came up meanwhile
            self._look_for_compositor()
        self._tick()

    def hold(self, held: bool) -> None:
        """Whether the lines stay, however long they have been there."""
        self.captions.hold(held, self.clock())
        self._tick()

    def clear(self) -> None:
        self.captions.clear()
        self._tick()

    def animating(self) -> bool:
        """Whether any timer runs."""
        return self._timer.isActive()

    def set_style(self, style: CaptionStyle, *, sampling: bool = False) -> None:
        """From now on; a band too low for the letters grows upwards. `sampling`: shows a sample in silence."""
        self.caption_style = style
        self.sampling = sampling
        self.captions.max_lines = style.lines
        self.captions.hold_s = style.hold_s
        self.put_back()
        self._tick()

    def set_gauges(self, gauges: tuple[str, ...]) -> None:
        """Figures in one line below the captions, the most important first; as many as fit. Empty: there is no line."""
        before = self.gauges
        self.gauges = gauges
        if bool(gauges) != bool(before) and not self.moving:
            self.put_back()
        if gauges != before:
            self._tick()

    def set_still(self, still: bool) -> None:
        """Whether nothing moves: lines come and go at once, and none slides or fades."""
        self.captions.still = still
        self._slide.still = still
        self._tick()

    def set_marker(self, colour: QColor | None) -> None:
        """A patch of that colour in one corner, by which a capture is tried; None: there is none."""
        self._marker = colour
        self._tick()

    # Where it is

    def put_back(self) -> None:
        """To where the user left it, or the default band, on a screen that is there."""
        monitors = usable_monitors()
        style = self.caption_style
        edges = 2 * PADDING_Y + gauge_line.height(self.gauges, style)
        needed = round(style.lines * style.pixels * caption_picture.LINE_SPACING + edges) if style.pixels else 0
        missing = max(0, needed - self.places.rect(monitors)[3])
        self.setGeometry(*self.places.visible(monitors, missing))

    def place_at(self, rect: Rect) -> None:
        """As if the user had moved it there."""
        self.places.put(rect, usable_monitors())
        self.put_back()

    def set_moving(self, moving: bool) -> None:
        """Takes the mouse to be dragged and resized, or lets it through again."""
        if moving == self.moving:
            return
        self.moving = moving
        pass_clicks_through(self, not moving)
        if not moving:
            self.place_at(rect_of(self.geometry()))
            self.placed.emit(rect_of(self.geometry()))
        self._tick()

    # Qt's events

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._look_for_compositor()
        pass_clicks_through(self, not self.moving)
        publish_place(self, self.place)
        self.on_top.start()
        self._tick()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._timer.stop()
        self.on_top.stop()
        self.place.put(None)

    def moveEvent(self, event: QMoveEvent) -> None:
        super().moveEvent(event)
        publish_place(self, self.place)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        publish_place(self, self.place)
        self._shape(self.clock())

    def paintEvent(self, event: QPaintEvent) -> None:
        self.frames += 1
        painter = QPainter(self)
        painter.setRenderHints(QPainter.RenderHint.Antialiasing | QPainter.RenderHint.SmoothPixmapTransform)
        now = self.clock()
        shown = self.captions.visible(now)
        if not self._translucent:
            painter.fillRect(self.rect(), QColor(self.caption_style.plate))
        if self.moving:
            paint_frame(painter, self.rect())
        self._paint_captions(painter, shown or self._sample(), now)
        gauge_line.paint(painter, self.rect(), self.gauges, self.caption_style)
        if self._marker is not None:
            painter.setClipping(False)
            painter.fillRect(QRectF(PADDING_X, PADDING_Y, MARKER_SIDE, MARKER_SIDE), self._marker)
        painter.end()
        if self._slide.offset(now):  # only painting finds out that a line has wrapped
            self._timer.start(FRAME_MS)

    # Painting

    def _paint_captions(self, painter: QPainter, shown: list[Shown], now: float) -> None:
        if not shown:
            return
        pixels, heights = self.fit(shown)
        width = self._text_width()
        self._slide.follow(shown[-1].text, heights[-1], now)
        bottom = self._bottom() + self._slide.offset(now)
        top = bottom - sum(high * line.presence for high, line in zip(heights, shown, strict=True))
        strength = min(1.0, max(s.opacity * s.rise for s in shown))
        paint_plate(painter, self.rect(), max(0.0, top - PADDING_Y), strength, self.caption_style)
        painter.setClipRect(QRectF(0, 0, self.width(), self._bottom() + PADDING_Y * 0.6))
        y = float(bottom)
        for line, high in zip(reversed(shown), reversed(heights), strict=True):
            y -= high * line.rise
            painter.setOpacity(line.opacity)
            picture = caption_picture.picture(line.text, pixels, width, self.devicePixelRatioF(), self.caption_style)
            painter.drawPixmap(QPointF(PADDING_X - caption_picture.BLEED, y - caption_picture.BLEED), picture)

    def _sample(self) -> list[Shown]:
        """Something to judge place and style by while nothing is said."""
        if self.moving:
            return [Shown(tr("Drag to move, pull an edge to resize"), 1.0, 1.0, False)]
        return [Shown(tr(SAMPLE), 1.0, 1.0, False)] if self.sampling else []

    def fit(self, shown: list[Shown]) -> tuple[int, list[float]]:
        """The font size at which all lines that are still to be read fit, and each line's height at that size."""
        return caption_picture.fit(shown, self._bottom() - PADDING_Y, self._text_width(), self.caption_style)

    def _bottom(self) -> int:
        """Of the captions: the gauges' line lies below."""
        return self.height() - PADDING_Y - gauge_line.height(self.gauges, self.caption_style)

    def _text_width(self) -> int:
        return max(40, self.width() - 2 * PADDING_X)

    # Time

    def _tick(self) -> None:
        """Paints what is due and sleeps until the next change, both as of one moment: no change falls between."""
        if not self.isVisible():
            self._timer.stop()
            return
        now = self.clock()
        self._shape(now)
        self.update()
        wait = 0.0 if self._slide.offset(now) else self.captions.next_change(now)
        if wait is None:
            self._timer.stop()
        else:
            self._timer.start(max(FRAME_MS, round(wait * 1000)))

    # The window system

    def _look_for_compositor(self) -> None:
        """It may come and go; asking takes 3 ms."""
        now = self.clock()
        if now >= self._look_again_at:
            self._look_again_at = now + COMPOSITOR_EVERY_S
            self._translucent = is_compositing()

    def _shape(self, now: float) -> None:
        """Without a compositor the window is cut to what is painted; with one it needs no shape."""
        if self._translucent:
            if not self.mask().isEmpty():
                self.clearMask()
            return
        shown = self.captions.visible(now)
        if self.moving or self.sampling or self._marker is not None or any(line.opacity > 0 for line in shown):
            self.setMask(rounded(self.rect()))
        elif self.gauges:
            self.setMask(gauge_line.area(self.rect(), self.gauges, self.caption_style).toRect())
        else:
            self.setMask(QRegion(0, 0, 1, 1))
