"""One session's folder on a real disk."""

from __future__ import annotations

import errno
import os
import stat
from pathlib import Path

import pytest

from app.session.journal import EVENTS, Journal, is_written


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_a_session_is_this_users_alone(tmp_path: Path) -> None:
    journal = Journal(tmp_path / "new" / "sessions", "arena:7")
    assert mode(tmp_path / "new" / "sessions") == 0o700
    assert mode(journal.folder) == 0o700
    assert mode(journal.folder / EVENTS) == 0o600
    journal.close()


@pytest.mark.parametrize("name", ["界" * 80, "👩‍👩‍👧" * 40, "a" * 300, "", "...", "\udcff", "\x1b[31mred\x9b"])
def test_a_name_fits_into_what_a_file_system_takes(tmp_path: Path, name: str) -> None:
    journal = Journal(tmp_path, name)
    made = os.fsencode(journal.folder.name)
    assert len(made) <= 255
    assert made.decode("utf-8").isprintable() or "‍" in made.decode()
    journal.close()


def test_a_reader_knows_whether_it_is_still_written(tmp_path: Path) -> None:
    journal = Journal(tmp_path, "a")
    assert is_written(journal.folder)
    journal.close()
    journal.close()
    assert not is_written(journal.folder)
    assert not is_written(tmp_path / "none")


def test_a_folder_that_was_moved_or_removed_is_noticed(tmp_path: Path) -> None:
    moved = Journal(tmp_path, "moved")
    assert not moved.is_gone()
    moved.folder.rename(tmp_path / "elsewhere")
    assert moved.is_gone()
    moved.close()


def test_what_could_not_be_begun_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def full(*_: object) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(OSError, match="No space left"):
        Journal(tmp_path, "a")
    assert list(tmp_path.iterdir()) == []
