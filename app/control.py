"""`courtside watch --control`: lines on stdin that steer the stream while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from core.errors import UsageError
from core.messages import Adjust, Ask, Command, LimitMemory, Steer

if TYPE_CHECKING:
    from app.session.take import Take

FORMS = (
    "pause, resume, stop, ask TEXT, query TEXT, context TEXT, and NUMBER or off for words-per-minute, "
    "silence-threshold, max-words, memory-limit-mb"
)
OFF = "off"
STDIN = 0


def command_of(line: str) -> Command:
    """The command that a line asks for. Raises UsageError for any other line."""
    name, _, rest = line.strip().partition(" ")
    rest = rest.strip()
    match name:
        case "ask" if rest:
            return Ask(rest)
        case "query" if rest:
            return Steer(query=rest)
        case "context":
            return Steer(context=rest)
        case "words-per-minute" | "silence-threshold" | "max-words":
            number = _number(name, rest)
            whole = name == "max-words" and number is not None
            return Adjust({name.replace("-", "_"): int(number or 0) if whole else number})
        case "memory-limit-mb":
            limit = _number(name, rest)
            return LimitMemory(None if limit is None else int(limit * 1e6))
    raise UsageError("Unknown command", f"“{line.strip()}” is none of: {FORMS}")


def _number(name: str, text: str) -> float | None:
    if text == OFF:
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < float("inf"):
        raise UsageError("Unknown command", f"{name} takes a number from 0 up, or {OFF}; not “{text}”")
    return number


def obey(line: str, take: Take) -> None:
    """Do what a line says; an empty one says nothing. Raises UsageError or SessionError."""
    match line.strip():
        case "":
            pass
        case "pause":
            take.stream.pause()
        case "resume":
            take.stream.resume()
        case "stop":
            take.stream.request_stop()
        case other:
            take.send(command_of(other))


def listen(hear: Callable[[str], None]) -> None:
    """Hand over each line of stdin as it comes, in a thread that ends with stdin or with the program."""
    threading.Thread(target=_listen, args=(hear,), name="control", daemon=True).start()


def _listen(hear: Callable[[str], None]) -> None:
    with open(STDIN, "rb", buffering=0, closefd=False) as stdin:  # sys.stdin has a lock, which Python's exit waits for
        for line in stdin:
            hear(line.decode("utf-8", "replace"))
