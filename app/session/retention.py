"""Old videos make room for new ones; what was said stays."""

from __future__ import annotations

import shutil
import time
from contextlib import suppress
from pathlib import Path

from app.session.journal import is_written
from app.session.small_pictures import SEEN
from app.session.video_file import VIDEO


def expire_videos(root: Path, keep_days: float, keep_gb: float, now: float | None = None) -> list[Path]:
    """Deletes the videos, and the frames beside them, that are older than that or, the oldest first, too much together.

    0 keeps all. Never of a session that is being written. Returns their folders.
    """
    now = time.time() if now is None else now
    videos = sorted((path.stat().st_mtime, path) for path in root.glob(f"*/{VIDEO}") if not is_written(path.parent))
    total = sum(path.stat().st_size for _, path in videos)
    gone = []
    for written_at, path in videos:
        old = bool(keep_days) and now - written_at > keep_days * 86_400
        if not old and not (keep_gb and total > keep_gb * 1e9):
            continue
        total -= path.stat().st_size
        with suppress(OSError):
            path.unlink()
            shutil.rmtree(path.parent / SEEN, ignore_errors=True)
            gone.append(path.parent)
    return gone
