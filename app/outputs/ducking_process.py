"""The process that lowers what other programs play, and raises it again when its owner says so, or has gone.

It speaks to PulseAudio, or PipeWire in its place, by `pactl`.
"""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from contextlib import suppress
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from multiprocessing.connection import Connection

RAISE_AFTER_S = 0.6
"""Silence of the voice after which the others come back: longer than between two sentences."""
PATIENCE_S = 3.0

Volumes = dict[int, list[int]]


def serve(connection: Connection, owner: int, share: float) -> None:
    """True lowers the others, False raises them soon; so does the end of the owner. `owner`: its process."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda number, frame: sys.exit())
    before: Volumes = {}
    try:
        while True:
            lower = connection.recv()
            if lower and not before:
                before = lower_others(owner, share)
            elif not lower and before and not connection.poll(RAISE_AFTER_S):
                raise_again(before, share)
                before = {}
    except (EOFError, OSError):
        return
    finally:
        raise_again(before, share)


def lower_others(owner: int, share: float) -> Volumes:
    """What others play at `share` of its volume; how loud each channel of it was."""
    before: Volumes = {}
    for played in _played():
        if str(played.get("properties", {}).get("application.process.id", "")) != str(owner):
            levels = _levels(played)
            before[int(played["index"])] = levels
            _set(int(played["index"]), [int(level * share) for level in levels])
    return before


def raise_again(before: Volumes, share: float) -> None:
    """As it was; what has been changed by somebody else meanwhile stays so."""
    for played in _played() if before else ():
        levels = before.get(int(played["index"]))
        if levels is not None and _levels(played) == [int(level * share) for level in levels]:
            _set(int(played["index"]), levels)


def _played() -> list[dict[str, Any]]:
    """Every stream that is being played."""
    with suppress(ValueError):
        found = json.loads(_pactl("-f", "json", "list", "sink-inputs") or "[]")
        return found if isinstance(found, list) else []
    return []


def _levels(played: dict[str, Any]) -> list[int]:
    return [int(channel["value"]) for channel in played["volume"].values()]


def _set(index: int, levels: list[int]) -> None:
    _pactl("set-sink-input-volume", str(index), *map(str, levels))


def _pactl(*words: str) -> str:
    """What it said; "" where it failed: a stream may end at any moment."""
    with suppress(OSError, subprocess.SubprocessError):
        return subprocess.run(
            ["pactl", *words], capture_output=True, check=True, timeout=PATIENCE_S, encoding="utf-8", errors="replace"
        ).stdout
    return ""
