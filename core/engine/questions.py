"""What the user asks of the model: the standing query, and questions in between, one a round."""

from __future__ import annotations

from collections import deque


class Questions:
    """The queue of texts that go into a user turn."""

    def __init__(self, query: str) -> None:
        """query: goes into the next turn."""
        self._query = query
        self._asked = deque[str]()

    def ask(self, text: str) -> None:
        """Queue a viewer's question."""
        self._asked.append(text)

    def set_query(self, query: str) -> None:
        """Replace the standing query; it goes into the next turn."""
        self._query = query

    def peek(self) -> str:
        """The text of the next turn: a query not told yet, else the oldest question, else ""."""
        return self._query or next(iter(self._asked), "")

    def take(self) -> tuple[str, bool]:
        """That text, taken from the queue, and whether it is a viewer's question."""
        text = self.peek()
        asked = bool(self._asked and not self._query)
        if asked:
            self._asked.popleft()
        self._query = ""
        return text, asked
