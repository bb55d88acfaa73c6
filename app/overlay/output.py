"""The captions over the screen as an output of a stream."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.bridge.gui_output import GuiOutput
from app.overlay.band import CaptionBand
from core.messages import Cleared, Line, Message, Piece


class OverlayOutput(GuiOutput):
    """Writes what is said into the caption band, word by word."""

    name = "The captions on the screen"

    def __init__(self, band: CaptionBand, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._band = band

    def show(self, message: Message) -> None:
        match message:
            case Piece():
                self._band.write(message)
            case Line():
                self._band.finish(message)
            case Cleared():
                self._band.clear()
