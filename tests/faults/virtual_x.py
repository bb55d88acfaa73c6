"""An X server of a test's own, which may be stopped or killed."""

from __future__ import annotations

import os
import subprocess
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def running_x() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """DISPLAY, and the process; whatever state that is in, it ends."""
    reader, writer = os.pipe()
    size = ("-screen", "0", "640x360x24", "-nolisten", "tcp", "-noreset")
    process = subprocess.Popen(["Xvfb", "-displayfd", str(writer), *size], pass_fds=[writer], stderr=subprocess.DEVNULL)
    os.close(writer)
    try:
        with os.fdopen(reader) as answer:
            yield f":{answer.readline().strip()}", process
    finally:
        process.kill()
        process.wait()
