"""What a model is told beforehand, by whom: the source, the viewer, and the viewers' chat."""

from __future__ import annotations

from dataclasses import replace

from app.capture.source import joined_context
from core.messages import Command, Steer


class KnownContext:
    """Keeps the parts, so that one may change without the others."""

    def __init__(self, source: str, whole: str) -> None:
        """`source`: what the source itself knows, in front of every context sent. `whole`: at the start."""
        self._source = source
        self._own = whole.removeprefix(source).lstrip("\n") if source else whole
        self._added = ""

    def whole(self, command: Command) -> Command:
        """The command; a context in it becomes the viewer's part of the whole."""
        if not isinstance(command, Steer) or command.context is None:
            return command
        self._own = command.context
        return replace(command, context=joined_context(joined_context(self._source, self._own), self._added))

    def added(self, text: str) -> Steer:
        """Others' words from now on, behind the viewer's: a command for `whole`."""
        self._added = text
        return Steer(context=self._own)
