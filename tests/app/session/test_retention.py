"""Which videos make room."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from app.session.retention import delete_videos, expiring_videos, in_words

DAY_S = 86_400


@pytest.fixture
def root(tmp_path: Path) -> Path:
    for days in range(5):
        folder = tmp_path / f"{days} days old"
        (folder / "seen").mkdir(parents=True)
        (folder / "seen" / "1.000.jpg").touch()
        (folder / "events.jsonl").touch()
        with (folder / "video.mkv").open("wb") as file:
            file.truncate(10**9)
        os.utime(folder / "video.mkv", (100 * DAY_S - days * DAY_S,) * 2)
    return tmp_path


@pytest.mark.parametrize(
    ("keep_days", "keep_gb", "gone"), [(0, 0, ""), (2.5, 0, "43"), (0, 2.5, "432"), (3.5, 3, "43"), (0.5, 0, "4321")]
)
def test_the_oldest_go_and_the_words_stay(root: Path, keep_days: float, keep_gb: float, gone: str) -> None:
    found = expiring_videos(root, keep_days, keep_gb, now=100 * DAY_S)
    assert len(list(root.glob("*/video.mkv"))) == 5
    folders = delete_videos(found)
    assert "".join(folder.name[0] for folder in folders) == gone
    assert {path.parent.name[0] for path in root.glob("*/video.mkv")} == set("01234") - set(gone)
    assert {path.parent.name[0] for path in root.glob("*/seen")} == set("01234") - set(gone)
    assert len(list(root.glob("*/events.jsonl"))) == 5


def test_what_is_being_written_stays(root: Path) -> None:
    with (root / "4 days old" / "events.jsonl").open() as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        delete_videos(expiring_videos(root, 2.5, 0, now=100 * DAY_S))
    assert (root / "4 days old" / "video.mkv").exists()
    assert not (root / "3 days old" / "video.mkv").exists()


def test_it_is_said_in_words(root: Path) -> None:
    assert in_words(expiring_videos(root, 2.5, 0, now=100 * DAY_S)) == "2 older videos (2.00 GB)"
    assert in_words(expiring_videos(root, 3.5, 0, now=100 * DAY_S)) == "1 older video (1.00 GB)"
