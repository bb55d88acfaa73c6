"""`courtside watch --json`: messages as JSON objects on stdout."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

from app.outputs.queued_output import QueuedOutput
from app.session.records import Record, json_line, record
from core.messages import CommandSent, Message
from core.output_messages import PageServed

STATS_SHOWN = ("type", "round", "compute_s", "first_token_s", "new_tokens", "kv_tokens", "kv_bytes", "rss_bytes")
"""What is shown of the statistics; a session keeps all of them."""
REPEATS_SHOWN = ("grid_tokens", "dropped_tokens")
"""What is shown besides where repeats are dropped."""


class JsonPrinter(QueuedOutput):
    """One object a line on stdout, and nothing else."""

    name = "Standard output"

    def __init__(
        self, on_reader_gone: Callable[[], None], *, tokens: bool = False, repeats: bool = False, waits: bool = False
    ) -> None:
        """`on_reader_gone` is called once nobody reads stdout any more.

        tokens: the ids of each line, too. repeats: how many tokens each round left out. waits: nothing is dropped.
        """
        super().__init__(waits=waits)
        self._on_reader_gone = on_reader_gone
        self._gone = False
        self._tokens = tokens
        self._stats = (*STATS_SHOWN, *(REPEATS_SHOWN if repeats else ()))

    def write(self, message: Message) -> None:
        if isinstance(message, PageServed):
            entry: Record | None = {"type": "page", "url": message.url}
        else:
            entry = None if isinstance(message, CommandSent) else record(message)
        if entry is None:
            return
        if entry["type"] == "stats":
            entry = {name: entry[name] for name in self._stats}
        elif entry["type"] == "line":
            entry = self._shown_line(entry)
        if self._gone:
            return
        try:
            print_record(entry)
        except OSError:
            self._gone = True
            self._on_reader_gone()

    def _shown_line(self, entry: Record) -> Record:
        """Without ids unless they are wanted, and without the words that a panic withheld."""
        hidden = {"text": "", "tokens": ()} if entry.get("withheld") else {}
        shown = {**entry, **hidden}
        return shown if self._tokens else {name: value for name, value in shown.items() if name != "tokens"}


def print_record(entry: dict[str, Any]) -> None:
    """One object as a line of stdout, at once. Raises OSError, as when nobody reads."""
    sys.stdout.write(f"{json_line(entry)}\n")
    sys.stdout.flush()
