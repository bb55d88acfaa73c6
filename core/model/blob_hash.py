"""Whether a file holds what the hub says it does: its name in the hub's cache is a hash of its contents."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from pathlib import Path

PIECE_BYTES = 1 << 20
BLOB = re.compile(r"[0-9a-f]{40}|[0-9a-f]{64}")
"""Of a small file git's own SHA-1, of one in large file storage the SHA-256."""


def holds(file: Path, blob: str, check_cancelled: Callable[[], None]) -> bool:
    """Whether the contents of `file` have the hash `blob`. Reads all of it, at about 1 GB a second.

    Args:
        check_cancelled: called between two pieces; what it raises ends this.
    """
    digest = hashlib.sha256() if len(blob) == 64 else hashlib.sha1(b"blob %d\0" % file.stat().st_size)
    with file.open("rb") as opened:
        while piece := opened.read(PIECE_BYTES):
            digest.update(piece)
            check_cancelled()
    return digest.hexdigest() == blob
