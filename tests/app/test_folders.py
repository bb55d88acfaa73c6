"""Where settings and sessions are is decided by the environment first."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from app.folders import config_folder, sessions_folder, set_sessions_folder
from core.errors import CourtsideError, UsageError


def test_the_environment_decides_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTSIDE_CONFIG_DIR", str(tmp_path / "a"))
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(tmp_path / "b"))
    assert config_folder() == tmp_path / "a"
    assert sessions_folder() == tmp_path / "b"


def test_else_they_are_the_users_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COURTSIDE_CONFIG_DIR", "COURTSIDE_SESSIONS_DIR"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    assert config_folder() == tmp_path / "config" / "courtside"
    assert sessions_folder().name == "Courtside"


@pytest.mark.parametrize("chosen", [True, False])
def test_settings_lie_in_the_same_place_without_platformdirs(
    chosen: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("COURTSIDE_CONFIG_DIR")
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.delenv("XDG_CONFIG_HOME", raising=False)
    if chosen:
        monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    with_it = config_folder()
    monkeypatch.setitem(sys.modules, "platformdirs", None)
    assert config_folder() == with_it


def test_where_the_sessions_were_moved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTSIDE_CONFIG_DIR", str(tmp_path / "config"))
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(tmp_path / "b"))
    with pytest.raises(UsageError, match="COURTSIDE_SESSIONS_DIR says where"):
        set_sessions_folder(tmp_path / "c")
    monkeypatch.delenv("COURTSIDE_SESSIONS_DIR")
    set_sessions_folder(tmp_path / "c d\u00e9")
    assert sessions_folder() == tmp_path / "c d\u00e9"
    (tmp_path / "config" / "sessions-folder").write_bytes(b"\xff\xfe")
    assert sessions_folder().name == "Courtside"
    (tmp_path / "file").touch()
    monkeypatch.setenv("COURTSIDE_CONFIG_DIR", str(tmp_path / "file"))
    with pytest.raises(CourtsideError, match="cannot be kept"):
        set_sessions_folder(tmp_path)
