"""The last lines that were said, as outputs that show a few of them keep them."""

from __future__ import annotations

from collections import deque

from core.messages import Cleared, Line, Message


class RecentLines:
    """The last lines with words, oldest first.

    Attributes:
        lines: at most as many as asked for.
    """

    def __init__(self, most: int) -> None:
        self.lines: deque[Line] = deque(maxlen=most)

    def take(self, message: Message) -> bool:
        """Whether the message changes what is to be shown."""
        match message:
            case Line(text=text) if text:
                self.lines.append(message)
                return True
            case Cleared():
                self.lines.clear()
                return True
        return False

    def text(self) -> str:
        """One line of text each; whatever is said stays in its own line."""
        return "\n".join(" ".join(line.text.split()) for line in self.lines)
