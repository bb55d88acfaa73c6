"""The captions over the screen as an output of a stream."""

from __future__ import annotations

from PySide6.QtCore import QObject

from app.bridge.gui_output import GuiOutput
from app.overlay.band import CaptionBand
from core.messages import Cleared, Line, Message, Piece


def caption_output(band: CaptionBand, parent: QObject | None = None) -> GuiOutput:
    """An output that writes what is said into the caption band, word by word."""

    def show(message: Message) -> None:
        match message:
            case Piece():
                band.write(message)
            case Line():
                band.finish(message)
            case Cleared():
                band.clear()

    return GuiOutput("The captions on the screen", show, parent)
