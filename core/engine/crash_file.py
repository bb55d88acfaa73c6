"""What is kept of an engine's end: the stacks of its threads where it crashed, the reason, and what was logged last.

Stacks name functions and lines, and log lines come without what people wrote (`core.log_tail`): no words of a stream,
no address and no setting gets in.
"""

from __future__ import annotations

import contextlib
import faulthandler
import os
import time
from pathlib import Path
from typing import IO

from core.log_tail import last_lines

MAX_BYTES = 64 * 1024
"""Above which the older half goes."""


def keep_stacks(path: Path) -> IO[bytes] | None:
    """Have Python write the stacks there when this process crashes. The file must stay open as long.

    None where the file cannot be had: an engine without a crash file is better than none.
    """
    try:
        file = _opened(path)
    except OSError:
        return None
    faulthandler.enable(file)
    return file


def note_end(path: Path, reason: str) -> None:
    """Write why an engine ended and what was logged last, after the stacks it may have left."""
    log_lines = "".join(f"    {line}\n" for line in last_lines())
    said = f"{time.strftime('%Y-%m-%d %H:%M:%S')}  the engine ended: {reason}\n{log_lines}\n"
    with contextlib.suppress(OSError), _opened(path) as file:
        file.write(said.encode("utf-8", "replace"))


def _opened(path: Path) -> IO[bytes]:
    path.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if path.is_file() and path.stat().st_size > MAX_BYTES:
        path.write_bytes(path.read_bytes()[-MAX_BYTES // 2 :])
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600), "ab", buffering=0)
