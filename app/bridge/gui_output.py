"""An output that belongs to Qt: messages cross from the stream's thread to the GUI thread."""

from __future__ import annotations

import threading
from collections.abc import Callable

from PySide6.QtCore import QObject, Qt, Signal, Slot

from core.messages import Message, Piece

MAX_WAITING = 2000
"""Messages that may wait for the GUI thread; from then on pieces are left out: their line brings the same words."""


class GuiOutput(QObject):
    """An output (`app.outputs.output.Output`) that shows each message in the thread that owns this object.

    `handle` may be called from any thread and returns at once; the queue is Qt's event loop. An error of `show` is
    raised by the next `handle`, so that the output is switched off.

    Attributes:
        name: what a person calls it.
    """

    _arrived = Signal(object)

    def __init__(self, name: str, show: Callable[[Message], None], parent: QObject | None = None) -> None:
        """show: shows one message, quickly."""
        super().__init__(parent)
        self.name = name
        self._show = show
        self._muted = False
        self._error: Exception | None = None
        self._waiting = 0
        self._lock = threading.Lock()
        self._arrived.connect(self._dispatch, Qt.ConnectionType.QueuedConnection)

    def handle(self, message: Message) -> None:
        """Queues one message for the GUI thread."""
        with self._lock:
            if self._error is not None:
                raise self._error
            if self._muted or (self._waiting >= MAX_WAITING and isinstance(message, Piece)):
                return
            self._waiting += 1
        self._arrived.emit(message)

    def close(self) -> None:
        """What is queued is still shown."""

    def mute(self) -> None:
        """Nothing is shown any more, not even what is already queued: the window has moved on to another stream."""
        self._muted = True

    @Slot(object)
    def _dispatch(self, message: Message) -> None:
        with self._lock:
            self._waiting -= 1
        if self._muted or self._error is not None:
            return
        try:
            self._show(message)
        except Exception as error:  # noqa: BLE001 - raised again where the stream hands over its next message
            self._error = error
