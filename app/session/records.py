"""Messages as JSON objects: the records shared by the session on disk and by `watch --json`."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from core.messages import (
    Adjust,
    Ask,
    Cleared,
    Command,
    CommandSent,
    Degraded,
    Drop,
    Failure,
    Gap,
    LimitMemory,
    Line,
    Marked,
    Message,
    Paused,
    Restore,
    Resumed,
    Snapshot,
    Stats,
    Steer,
    Withheld,
)
from core.output_messages import Unspoken
from core.source_messages import Jumped

TYPES: dict[type, str] = {
    Line: "line",
    Stats: "stats",
    Drop: "drop",
    Gap: "gap",
    Jumped: "jump",
    Paused: "paused",
    Resumed: "resumed",
    Degraded: "degraded",
    Failure: "error",
    Marked: "mark",
    Cleared: "cleared",
    Unspoken: "unspoken",
}
COMMANDS: dict[type, str] = {
    Ask: "question",
    Steer: "steer",
    Adjust: "adjust",
    LimitMemory: "limit_memory",
    Snapshot: "remember",
    Restore: "restore",
}
Record = dict[str, Any]
ESCAPED = {code: f"\\u{code:04x}" for code in (*range(0x7F, 0xA0), 0x2028, 0x2029, *range(0x202A, 0x202F))}
"""What JSON lets stand, as its escapes: control characters, which a terminal obeys or a reader takes for a line's end,
and those that turn the direction of the writing."""


def record(message: Message) -> Record | None:
    """The message as an object with its `type` first; None for those that say nothing afterwards (pieces, ready)."""
    if isinstance(message, CommandSent):
        return {**command_record(message.command), "asked_at": message.asked_at}
    if isinstance(message, Withheld):
        return {"type": "line", **asdict(message.line), "withheld": True}
    name = TYPES.get(type(message))
    return None if name is None else {"type": name, **asdict(message)}


def command_record(command: Command) -> Record:
    """What the viewer asked for as an object with its `type` first."""
    return {"type": COMMANDS[type(command)], **asdict(command)}


def json_line(entry: Mapping[str, Any]) -> str:
    """The object in one line, whatever a reader takes for the end of one, and nothing in it that a terminal obeys."""
    text = json.dumps(entry, ensure_ascii=False)
    return text.translate(ESCAPED)


def encoded(entry: Record) -> bytes:
    """One whole line."""
    return json.dumps(entry, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace") + b"\n"


def clock(seconds: float) -> str:
    """mm:ss, or h:mm:ss from one hour on."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes:02}:{rest:02}"
