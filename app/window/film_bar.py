"""Going back and forth in the film that is watched: its position, jumps of ten seconds, its speed."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtGui import QMouseEvent
from PySide6.QtWidgets import QHBoxLayout, QSizePolicy, QSlider, QStyle, QWidget

from app.session.records import clock
from app.translation import tr
from app.window.actions import Actions
from app.window.combo_box import ComboBox
from app.window.widgets import button_for, label

if TYPE_CHECKING:
    from app.capture.source import SeekableSource

INTERVAL_MS = 250
SPEEDS = (0.5, 1.0, 1.5, 2.0, 4.0)


class FilmBar(QWidget):
    """Hidden while nothing is watched in which one can go back and forth; nothing runs then.

    Attributes:
        slider: where it is, in whole seconds. speed: how fast it is played. back, forward: the buttons.
        parts: all of these, in their order.

    Signals:
        speed_chosen: how many times as fast from now on.
    """

    speed_chosen = Signal(float)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._film: SeekableSource | None = None
        self.slider = PositionSlider()
        self.slider.setAccessibleName(tr("Position in the film"))
        self.back = button_for(actions.back, "flat")
        self.forward = button_for(actions.forward, "flat")
        self.speed = ComboBox()
        self.speed.setAccessibleName(tr("Speed of the film"))
        for speed in SPEEDS:
            self.speed.addItem(f"{speed:g} \N{MULTIPLICATION SIGN}", speed)
        self.parts: tuple[QWidget, ...] = (self.back, self.slider, self.forward, self.speed)
        self._moment = label("note")
        self._moment.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Preferred)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        for part in (self.back, self.slider, self.forward, self._moment, self.speed):
            row.addWidget(part, 1 if part is self.slider else 0)
        self._timer = QTimer(self, interval=INTERVAL_MS)
        self._timer.timeout.connect(self._show_position)
        self.slider.valueChanged.connect(self._seek)
        self.slider.sliderMoved.connect(self._show_moment)
        self.speed.activated.connect(self._choose_speed)
        self.hide()

    def watch(self, film: SeekableSource | None) -> None:
        """Steers this film from now on; None hides the bar."""
        self._film = film
        self.setVisible(film is not None)
        if film is None:
            self._timer.stop()
            return
        if self.speed.findData(film.speed) < 0:
            self.speed.addItem(f"{film.speed:g} \N{MULTIPLICATION SIGN}", film.speed)
        self.speed.setCurrentIndex(self.speed.findData(film.speed))
        self._show_position()
        self._timer.start()

    def _show_position(self) -> None:
        if self._film is None or self.slider.isSliderDown():
            return
        self.slider.setEnabled(self._film.duration is not None)  # known once it is open
        self.slider.blockSignals(True)  # nobody has moved it
        self.slider.setRange(0, int(self._film.duration or 0))
        self.slider.setValue(int(self._film.position))
        self.slider.blockSignals(False)
        self._show_moment(self.slider.value() if self._film.duration else int(self._film.position))

    def _show_moment(self, second: int) -> None:
        duration = self._film.duration if self._film is not None else None
        self._moment.setText(clock(second) + ("" if duration is None else f" / {clock(duration)}"))

    def _seek(self, second: int) -> None:
        if self._film is not None:
            self._film.seek(float(second))

    def _choose_speed(self, _: int) -> None:
        if self._film is not None:
            self._film.set_speed(self.speed.currentData())
            self.speed_chosen.emit(self.speed.currentData())


class PositionSlider(QSlider):
    """Tells its value when it is let go, and goes where it is clicked; the arrow keys go by ten seconds."""

    def __init__(self) -> None:
        super().__init__(Qt.Orientation.Horizontal)
        self.setTracking(False)
        self.setSingleStep(10)
        self.setPageStep(60)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            place = round(event.position().x())
            self.setValue(QStyle.sliderValueFromPosition(self.minimum(), self.maximum(), place, self.width()))
        super().mousePressEvent(event)
