"""How long the disk lasts."""

from __future__ import annotations

from collections import namedtuple
from pathlib import Path

import pytest

from app.session import free_space
from app.session.free_space import FreeSpace, in_words

Usage = namedtuple("Usage", "total used free")


def test_words() -> None:
    assert [in_words(s) for s in (11_400, 3600, 3599, 30)] == ["3 h 10 min", "1 h 0 min", "59 min", "0 min"]


def test_it_is_told_before_it_is_full_and_once_each(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """2 MB a second, and 30 GB to the floor: 4 h 10 min."""
    now = 0.0
    monkeypatch.setattr(free_space.shutil, "disk_usage", lambda _: Usage(0, 0, int(31e9 - 2e6 * now)))
    space = FreeSpace(tmp_path, floor_bytes=10**9, clock=lambda: now)
    told = []
    while not space.is_short and now < 20_000:
        if news := space.news():
            told.append((round(now), news))
        now += 1.0
    assert [news for _, news in told] == ["3 h 59 min", "59 min", "9 min"]
    assert now == pytest.approx(15_000, abs=10)


def test_a_disk_that_does_not_fill_says_nothing(tmp_path: Path) -> None:
    now = 0.0
    space = FreeSpace(tmp_path, floor_bytes=0, clock=lambda: now)
    for _ in range(100):
        now += 5.0
        space.news()
    assert not space.is_short


def test_a_folder_that_has_gone(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        FreeSpace(tmp_path / "gone").news()
