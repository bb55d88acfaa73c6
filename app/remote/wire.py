"""Requests and replies as they cross the socket: one JSON object in one line each."""

from __future__ import annotations

import json
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from core.errors import CourtsideError, UsageError

MAX_BYTES = 65_536
PATIENCE_S = 5.0
"""For one request and its reply."""

Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Request:
    """An action of `app.remote.actions` and what stands behind it."""

    action: str
    text: str = ""


def encoded_request(request: Request) -> bytes:
    return _line({"action": request.action, "text": request.text})


def decoded_request(line: bytes) -> Request:
    """Raises UsageError for what is no request."""
    entry = _object(line)
    action = entry.get("action")
    text = entry.get("text", "")
    if not isinstance(action, str) or not isinstance(text, str) or set(entry) - {"action", "text"}:
        raise UsageError("No request", 'a request is {"action": "...", "text": "..."}')
    return Request(action, text)


def encoded_reply(reply: Mapping[str, Any]) -> bytes:
    return _line({"ok": True, **reply})


def encoded_error(error: CourtsideError) -> bytes:
    return _line({"ok": False, "title": error.title, "message": error.message, "exit_status": error.exit_status})


def decoded_reply(line: bytes) -> Record:
    """What was replied. Raises the CourtsideError that was replied."""
    entry = _object(line)
    if entry.pop("ok", False):
        return entry
    kind = UsageError if entry.get("exit_status") == UsageError.exit_status else CourtsideError
    raise kind(str(entry.get("title", "No reply")), str(entry.get("message", "")))


def read_line(connection: socket.socket) -> bytes:
    """Everything up to the first line break, or to the end. Raises UsageError when it is too long, and OSError."""
    data = b""
    while b"\n" not in data:
        if len(data) > MAX_BYTES:
            raise UsageError("No request", f"it is longer than {MAX_BYTES} bytes")
        piece = connection.recv(4096)
        if not piece:
            break
        data += piece
    return data.partition(b"\n")[0]


def _line(entry: Mapping[str, Any]) -> bytes:
    return json.dumps(entry, ensure_ascii=False).encode("utf-8", "replace") + b"\n"


def _object(line: bytes) -> Record:
    try:
        entry = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise UsageError("No request", "the line is no JSON") from error
    if not isinstance(entry, dict):
        raise UsageError("No request", "the line is no JSON object")
    return entry
