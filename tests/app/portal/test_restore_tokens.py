"""What lets a desktop share again without asking."""

from __future__ import annotations

from pathlib import Path

from app.portal.restore_tokens import FILE_NAME, RestoreTokens


def test_each_source_has_its_own_and_can_be_forgotten(tmp_path: Path) -> None:
    tokens = RestoreTokens(tmp_path / "config")
    assert tokens.get("screen") == ""
    tokens.set("screen", "a")
    tokens.set("window:Game", "b")
    tokens.set("screen", "c")
    assert (RestoreTokens(tmp_path / "config").get("screen"), tokens.get("window:Game")) == ("c", "b")
    tokens.set("screen", "")
    assert (tokens.get("screen"), tokens.get("window:Game")) == ("", "b")


def test_only_this_user_can_read_them(tmp_path: Path) -> None:
    RestoreTokens(tmp_path).set("screen", "a")
    assert (tmp_path / FILE_NAME).stat().st_mode & 0o077 == 0


def test_a_damaged_file_means_being_asked_again(tmp_path: Path) -> None:
    for text in ("{", "[1]", '{"screen": 5}'):
        (tmp_path / FILE_NAME).write_text(text)
        assert RestoreTokens(tmp_path).get("screen") == ""
    RestoreTokens(tmp_path).set("screen", "a")
    assert RestoreTokens(tmp_path).get("screen") == "a"


def test_a_disk_that_refuses_costs_nothing_else(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    tokens = RestoreTokens(tmp_path / "file" / "folder")
    tokens.set("screen", "a")
    assert tokens.get("screen") == ""
