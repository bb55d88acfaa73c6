"""`courtside watch --control`: lines on stdin that steer the stream while it runs."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING

from app.capture.seeking import seek
from core.errors import UsageError
from core.messages import Adjust, Ask, Command, LimitMemory, Steer
from core.setting_types import MAX_NUMBER

if TYPE_CHECKING:
    from app.bridge.stream import Stream

USAGE = (
    "pause, resume, stop, clear, panic (clear and pause), say on|off, mark [TEXT], seek [+|-]H:MM:SS, ask TEXT, "
    "query TEXT, context TEXT, "
    "and NUMBER or off for words-per-minute, silence-threshold, max-words, memory-limit-mb"
)
OFF = "off"
STDIN = 0


def parse_command(line: str) -> Command:
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
    raise UsageError("Unknown command", f"“{line.strip()}” is none of: {USAGE}")


def _number(name: str, text: str) -> float | None:
    if text == OFF:
        return None
    try:
        number = float(text)
    except ValueError:
        number = -1.0
    if not 0 <= number < MAX_NUMBER:
        raise UsageError("Unknown command", f"{name} takes a number from 0 up, or {OFF}; not “{text}”")
    return number


def steer(stream: Stream, line: str) -> None:
    """Do what a line says; an empty one says nothing. Raises UsageError."""
    match line.strip():
        case "":
            pass
        case "pause":
            stream.pause()
        case "resume":
            stream.resume()
        case "stop":
            stream.request_stop()
        case "clear":
            stream.clear()
        case "panic":
            stream.panic()
        case "say on" | "say off":
            stream.switch_speech(line.strip() == "say on")
        case other if other.startswith("seek "):
            seek(stream.film, other.partition(" ")[2].strip())
        case other if other.partition(" ")[0] == "mark":
            stream.mark(other.partition(" ")[2].strip())
        case other:
            stream.send(parse_command(other))


def read_commands(on_line: Callable[[str], None]) -> None:
    """Hand over each line of stdin as it comes, in a thread that ends with stdin or with the program."""
    threading.Thread(target=_read_lines, args=(on_line,), name="control", daemon=True).start()


def _read_lines(on_line: Callable[[str], None]) -> None:
    with open(STDIN, "rb", buffering=0, closefd=False) as stdin:  # sys.stdin has a lock, which Python's exit waits for
        for line in stdin:
            on_line(line.decode("utf-8", "replace"))
