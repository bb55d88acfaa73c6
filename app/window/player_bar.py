"""The controls of a player: play, step by round, speed, and the moment looked at."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QHBoxLayout, QWidget

from app.session.records import clock
from app.translation import tr
from app.window.combo_box import ComboBox
from app.window.playback import SPEEDS, Playback
from app.window.widgets import button, label

USUAL = SPEEDS.index(1.0)


class PlayerBar(QWidget):
    """Buttons for a `Playback`.

    Attributes:
        play: starts and stops it. speed: how fast it runs.

    Signals:
        stepped: a round back (-1) or on (1) was asked for.
    """

    stepped = Signal(int)

    def __init__(self, playback: Playback) -> None:
        super().__init__()
        self._playback = playback
        self.play = button("plain", tr("Play"), tr("Play or pause"))
        self.play.setToolTip(tr("Play or pause (Space)"))
        self.speed = ComboBox()
        self.speed.setAccessibleName(tr("Speed"))
        self.speed.setToolTip(tr("Speed ([ slower, ] faster)"))
        self.speed.addItems([f"{speed:g} \N{MULTIPLICATION SIGN}" for speed in SPEEDS])
        self.speed.setCurrentIndex(USUAL)
        self._moment = label("figure")
        self._lay_out()
        self.play.clicked.connect(playback.toggle)
        playback.ran.connect(lambda runs: self.play.setText(tr("Pause") if runs else tr("Play")))
        self.speed.currentIndexChanged.connect(self._choose_speed)

    def show_moment(self, at: float, number: int | None) -> None:
        """Tells the second of video time and the round looked at."""
        self._moment.setText(clock(at) + ("" if number is None else tr("  ·  round {number}").format(number=number)))

    def change_speed(self, step: int) -> None:
        """So many steps faster or slower, as far as it goes."""
        self.speed.setCurrentIndex(min(max(0, self.speed.currentIndex() + step), len(SPEEDS) - 1))

    def _lay_out(self) -> None:
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        back = button("plain", tr("◀ Round"), tr("Previous round"))
        back.setToolTip(tr("Previous round (,)"))
        back.clicked.connect(lambda: self.stepped.emit(-1))
        onward = button("plain", tr("Round ▶"), tr("Next round"))
        onward.setToolTip(tr("Next round (.)"))
        onward.clicked.connect(lambda: self.stepped.emit(1))
        for made in (self.play, back, onward, self.speed, self._moment):
            row.addWidget(made)
        row.addStretch(1)

    def _choose_speed(self, index: int) -> None:
        self._playback.speed = SPEEDS[index]
