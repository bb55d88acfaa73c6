"""Messages become Qt signals, in the thread of the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from app.bridge.gui_output import GuiOutput
from core import messages


class StreamSignals(QObject):
    """What the window listens to.

    They are emitted in the GUI thread, so a plain function may be connected as safely as a widget's slot.

    Signals:
        loading, ready, piece, line, stats, drop, gap, degraded, failure, finished, command_sent: the message of that
            name from `core.messages`.
        message: every one of them, in order.
    """

    message = Signal(object)
    loading = Signal(object)
    ready = Signal(object)
    piece = Signal(object)
    line = Signal(object)
    stats = Signal(object)
    drop = Signal(object)
    gap = Signal(object)
    degraded = Signal(object)
    failure = Signal(object)
    finished = Signal(object)
    command_sent = Signal(object)

    def output(self, parent: QObject | None = None) -> GuiOutput:
        """The output whose messages are emitted here; this object ends with it, in the GUI thread."""
        output = GuiOutput("The window", self.show, parent)
        self.setParent(output)
        return output

    def show(self, message: messages.Message) -> None:
        """Emits `message`, then the signal of its kind."""
        self.message.emit(message)
        name = NAMES.get(type(message))
        if name is not None:
            getattr(self, name).emit(message)


NAMES: dict[type, str] = {
    messages.Loading: "loading",
    messages.Ready: "ready",
    messages.Piece: "piece",
    messages.Line: "line",
    messages.Stats: "stats",
    messages.Drop: "drop",
    messages.Gap: "gap",
    messages.Degraded: "degraded",
    messages.Failure: "failure",
    messages.Finished: "finished",
    messages.CommandSent: "command_sent",
}
"""The signal of each kind of message."""
