"""After a panic nothing is said until somebody resumes."""

from __future__ import annotations

import threading

from core.messages import Line, Message, Piece, Withheld


class Mute:
    """Lets a round's messages through, or while it is on no words but to the recording. From any thread."""

    def __init__(self) -> None:
        self._on = threading.Event()

    def set_on(self, on: bool) -> None:
        if on:
            self._on.set()
        else:
            self._on.clear()

    def filtered(self, message: Message) -> Message | None:
        """What goes to the outputs in its place."""
        if not self._on.is_set() or not isinstance(message, Line | Piece):
            return message
        return Withheld(message) if isinstance(message, Line) else None
