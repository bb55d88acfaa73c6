"""The settings survive a restart, a crash and whatever somebody wrote into the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from app.settings import BAD_FILE_NAME, Settings, SettingsFile, config_folder, sessions_folder

CHOSEN = Settings(
    source="rtsp://camera.local/1",
    context="Harbour (orange) v Union (blue) — Åse referees",
    model="somewhere/7b",
    record=False,
    overlay_on_start=False,
    overlay_rect=(-100, 20, 640, 120),
    window_rect=(10, 20, 900, 600),
    window_maximized=True,
    columns=(500, 300),
    commentator_open=True,
    query="Be brief",
    words_per_minute=60,
    silence_threshold=0.4,
    memory_limit_mb=900,
    drop_repeats=6.5,
)


def test_no_file_is_the_defaults_and_no_note(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path).load() == (Settings(), "")


def test_every_setting_comes_back(tmp_path: Path) -> None:
    SettingsFile(tmp_path / "new" / "folder").save(CHOSEN)
    assert SettingsFile(tmp_path / "new" / "folder").load() == (CHOSEN, "")


@pytest.mark.parametrize("garbage", [b"", b"{", b"\xff\xfe\x00", b"[1, 2]", b'"arena"', b"null", b"[" * 100_000])
def test_garbage_is_set_aside_and_said(tmp_path: Path, garbage: bytes) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_bytes(garbage)
    loaded, note = file.load()
    assert loaded == Settings()
    assert BAD_FILE_NAME in note
    assert (tmp_path / BAD_FILE_NAME).read_bytes() == garbage
    assert file.load() == (Settings(), "")


def test_unknown_keys_are_ignored_with_a_note(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_text(json.dumps({"source": "camera", "colour": "red"}))
    loaded, note = file.load()
    assert loaded == Settings(source="camera")
    assert "colour" in note


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source", 3),
        ("context", None),
        ("record", "yes"),
        ("overlay_on_start", 1),
        ("overlay_rect", [1, 2, 3]),
        ("overlay_rect", [1, 2, 3, True]),
        ("overlay_rect", [0, 0, -5, 10]),
        ("window_rect", [0, 0, 1.5, 10]),
        ("window_rect", [0, 0, 10**12, 10]),
        ("columns", "wide"),
    ],
)
def test_a_wrong_type_is_the_default_and_the_rest_stays(tmp_path: Path, name: str, value: object) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_text(json.dumps({"model": "kept", name: value}))
    loaded, note = file.load()
    assert loaded == Settings(model="kept")
    assert name in note


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from([*Settings.__dataclass_fields__]) | st.text()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(written=st.dictionaries(names, json_values, max_size=8))
def test_any_json_object_can_be_read(tmp_path: Path, written: dict[str, object]) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_text(json.dumps(written))
    loaded, _ = file.load()
    assert isinstance(loaded, Settings)
    file.save(loaded)
    assert file.load() == (loaded, "")


def test_a_refused_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SettingsFile(tmp_path)
    file.save(CHOSEN)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        file.save(replace(CHOSEN, source="arena"))
    assert file.load() == (CHOSEN, "")


def test_the_environment_decides_the_folders(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("COURTSIDE_CONFIG_DIR", str(tmp_path / "a"))
    monkeypatch.setenv("COURTSIDE_SESSIONS_DIR", str(tmp_path / "b"))
    assert config_folder() == tmp_path / "a"
    assert sessions_folder() == tmp_path / "b"


def test_settings_need_no_qt() -> None:
    check = "import sys, app.settings; app.settings.config_folder(); sys.exit(any('PySide6' in m for m in sys.modules))"
    subprocess.run([sys.executable, "-c", check], check=True)
