"""A colour to be chosen."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtGui import QColor, QIcon, QPixmap
from PySide6.QtWidgets import QColorDialog, QPushButton


class ColourButton(QPushButton):
    """Shows a colour and its name; a click opens the system's choice.

    Signals:
        chosen: #rrggbb.
    """

    chosen = Signal(str)

    def __init__(self, purpose: str) -> None:
        super().__init__()
        self._purpose = purpose
        self._name = ""
        self.setToolTip(purpose)
        self.clicked.connect(self._ask)

    def set_name(self, name: str) -> None:
        self._name = name
        self.setText(name)
        picture = QPixmap(16, 16)
        picture.fill(QColor(name))
        self.setIcon(QIcon(picture))

    def _ask(self) -> None:
        colour = QColorDialog.getColor(QColor(self._name), self, self._purpose)
        if colour.isValid():
            self.chosen.emit(colour.name())
