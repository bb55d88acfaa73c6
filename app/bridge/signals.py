"""Messages become Qt signals: spoken in the worker thread, heard in the thread of the window."""

from __future__ import annotations

from PySide6.QtCore import QObject, Qt, Signal, Slot

from core import messages


class StreamSignals(QObject):
    """One stream's voice on the GUI side.

    `deliver` may be called from any thread. Each message goes through the event loop of the thread that owns this
    object first and is handed out there, so a plain function may be connected as safely as a widget's slot.

    Signals:
        loading, ready, piece, line, stats, drop, gap, degraded, failure, finished: the message of that name from
            `core.messages`.
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
    _arrived = Signal(object)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._muted = False
        self._arrived.connect(self._dispatch, Qt.ConnectionType.QueuedConnection)

    def deliver(self, message: messages.Message) -> None:
        """Queues one message for the GUI thread. Returns at once."""
        if not self._muted:
            self._arrived.emit(message)

    def mute(self) -> None:
        """Nothing comes out any more, not even what is already queued: the stream's window has moved on."""
        self._muted = True

    @Slot(object)
    def _dispatch(self, message: messages.Message) -> None:
        if self._muted:
            return
        self.message.emit(message)
        match message:
            case messages.Loading():
                self.loading.emit(message)
            case messages.Ready():
                self.ready.emit(message)
            case messages.Piece():
                self.piece.emit(message)
            case messages.Line():
                self.line.emit(message)
            case messages.Stats():
                self.stats.emit(message)
            case messages.Drop():
                self.drop.emit(message)
            case messages.Gap():
                self.gap.emit(message)
            case messages.Degraded():
                self.degraded.emit(message)
            case messages.Failure():
                self.failure.emit(message)
            case messages.Finished():
                self.finished.emit(message)
