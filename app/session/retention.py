"""Old videos make room for new ones; what was said stays."""

from __future__ import annotations

import shutil
import time
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from app.session.journal import is_written
from app.session.small_pictures import SEEN
from app.session.video_file import VIDEO


@dataclass(frozen=True, slots=True)
class Expiring:
    """A video that is to go. size: bytes, without the frames beside it."""

    path: Path
    size: int


def expiring_videos(root: Path, keep_days: float, keep_gb: float, now: float | None = None) -> list[Expiring]:
    """The videos that are older than that or, the oldest first, too much together. 0 keeps all.

    None of a session that is being written.
    """
    if not keep_days and not keep_gb:
        return []
    now = time.time() if now is None else now
    videos = sorted(
        (path.stat().st_mtime, path.stat().st_size, path)
        for path in root.glob(f"*/{VIDEO}")
        if not is_written(path.parent)
    )
    total = sum(size for _, size, _ in videos)
    found = []
    for written_at, size, path in videos:
        old = bool(keep_days) and now - written_at > keep_days * 86_400
        if old or (keep_gb and total > keep_gb * 1e9):
            total -= size
            found.append(Expiring(path, size))
    return found


def in_words(found: Sequence[Expiring]) -> str:
    """How many, and how large they are together."""
    videos = "1 older video" if len(found) == 1 else f"{len(found)} older videos"
    return f"{videos} ({sum(video.size for video in found) / 1e9:.2f} GB)"


def delete_videos(found: Sequence[Expiring]) -> list[Path]:
    """Deletes them, and the frames beside them. Returns the folders of those that went."""
    gone = []
    for video in found:
        with suppress(OSError):
            video.path.unlink()
            shutil.rmtree(video.path.parent / SEEN, ignore_errors=True)
            gone.append(video.path.parent)
    return gone
