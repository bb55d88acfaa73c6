"""The last lines of the log, kept in memory for a report of a crash; nothing that a person wrote stays in them."""

from __future__ import annotations

import logging
import re
import time
from collections import deque

KEPT = 40
MAX_CHARACTERS = 300
"""Of a line."""
OURS = ("app", "core")
"""Loggers of which all from INFO on is kept; of others, warnings and errors."""
PRIVATE = (
    (re.compile(r"[A-Za-z][A-Za-z0-9+.-]*://\S*"), "(address)"),
    (re.compile(r"[“\"'].*[”\"']", re.DOTALL), "(text)"),
    (re.compile(r"\b(password|passwd|token|key|secret|authorization)\b\s*[=:]?\s*\S+", re.IGNORECASE), r"\1 (hidden)"),
    (re.compile(r"(?<![\w.])(?:~|[A-Za-z]:)?[/\\]\S+"), "(path)"),
)
"""What is replaced, in turn: addresses, quoted text, secrets by their name, paths."""


class LogTail(logging.Handler):
    """Keeps the last lines."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.lines: deque[str] = deque(maxlen=KEPT)

    def emit(self, record: logging.LogRecord) -> None:
        """Keep a line, without its traceback: of an exception its kind."""
        ours = record.name.partition(".")[0] in OURS
        if not ours and record.levelno < logging.WARNING:
            return
        kind = "" if record.exc_info is None or record.exc_info[0] is None else f" ({record.exc_info[0].__name__})"
        at = time.strftime("%H:%M:%S", time.localtime(record.created))
        self.lines.append(f"{at} {record.levelname} {record.name}: {without_private(record.getMessage())}{kind}")


def without_private(text: str) -> str:
    """One line of `text` without addresses, quoted text, secrets and paths."""
    line = " ".join(text.split())
    for pattern, instead in PRIVATE:
        line = pattern.sub(instead, line)
    return line[:MAX_CHARACTERS]


def keep_last_lines() -> None:
    """From now on, in this process; a second call changes nothing."""
    if any(isinstance(handler, LogTail) for handler in logging.getLogger().handlers):
        return
    for name in OURS:
        logging.getLogger(name).setLevel(logging.INFO)
    logging.getLogger().addHandler(LogTail())


def last_lines() -> list[str]:
    """What is kept now; nothing where `keep_last_lines` was not called."""
    return [line for handler in logging.getLogger().handlers if isinstance(handler, LogTail) for line in handler.lines]
