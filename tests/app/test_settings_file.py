"""The settings survive a restart, a crash and whatever somebody wrote into the file."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Annotated

import pytest
import tomlkit
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from msgspec import Meta

from app.settings import Settings, description, output_options
from app.settings_file import BAD_FILE_NAME, SettingsFile, line_of
from core.errors import UsageError

CHOSEN = Settings(
    source="rtsp://camera.local/1",
    context="Harbour (orange) v Union (blue) — Åse referees\nBe kind",
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
    outputs={"text_file": {"path": "/tmp/now.txt"}},
)


def test_no_file_is_the_defaults_and_no_note(tmp_path: Path) -> None:
    assert SettingsFile(tmp_path).load() == (Settings(), "")


def test_every_setting_comes_back(tmp_path: Path) -> None:
    SettingsFile(tmp_path / "new" / "folder").save(CHOSEN)
    assert SettingsFile(tmp_path / "new" / "folder").load() == (CHOSEN, "")


def test_a_new_file_tells_what_each_setting_means(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    file.save(Settings())
    lines = file.path.read_text("utf-8").splitlines()
    assert "edited by hand" in lines[0]
    for name in Settings.__dataclass_fields__:
        assert [line for line in lines if line.startswith(f"# {name}: ")], name
    assert file.load() == (Settings(), "")


@pytest.mark.parametrize("garbage", [b"{", b"\xff\xfe\x00", b"source = ", b'"arena"', b"a = " + b"[" * 100_000])
def test_garbage_is_set_aside_and_said(tmp_path: Path, garbage: bytes) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_bytes(garbage)
    loaded, note = file.load()
    assert loaded == Settings()
    assert BAD_FILE_NAME in note
    assert (tmp_path / BAD_FILE_NAME).read_bytes() == garbage
    assert file.load() == (Settings(), "")


def test_a_slip_of_the_pen_is_told_with_its_line(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_text('source = "camera"\nrecord = yes\n')
    assert "line 2" in file.load()[1]


def test_what_a_newer_version_wrote_and_comments_are_kept(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_text('# my own\nsource = "camera" # the good one\ncolour = "red"\n\n[newer]\nx = 1 # kept\n')
    loaded, note = file.load()
    assert loaded == Settings(source="camera")
    assert "line 3: colour" in note
    assert "line 5: newer" in note
    file.save(replace(loaded, record=False, context="two\nlines"))
    text = file.path.read_text("utf-8")
    for kept in ("# my own\n", 'source = "camera" # the good one\n', 'colour = "red"\n', "[newer]\nx = 1 # kept"):
        assert kept in text
    written = tomllib.loads(text)
    assert written["record"] is False  # in front of the table, not in it
    assert file.load()[0] == Settings(source="camera", record=False, context="two\nlines")


def test_a_setting_that_is_given_later_stands_under_its_comment(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    file.save(Settings())
    file.save(Settings(words_per_minute=60, columns=(500, 300), outputs={"page": {"port": 8080}}))
    lines = file.path.read_text("utf-8").splitlines()
    assert lines[lines.index("words_per_minute = 60") - 1].startswith("# words_per_minute: ")
    assert lines[lines.index("columns = [500, 300]") - 1].startswith("# columns: ")
    assert file.load() == (Settings(words_per_minute=60, columns=(500, 300), outputs={"page": {"port": 8080}}), "")
    file.save(Settings())
    assert file.load() == (Settings(), "")


def test_a_text_that_looks_like_a_comment_is_left_alone(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    context = f"a\n# columns: {description('columns')}\nb"
    file.path.write_text(tomlkit.dumps({"context": context}))
    loaded, _ = file.load()
    assert loaded.context == context
    file.save(replace(loaded, columns=(500, 300)))
    assert file.load()[0] == Settings(context=context, columns=(500, 300))


def test_only_what_has_changed_is_written(tmp_path: Path) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_text('model = "a"\nwords_per_minute = 30\n')
    loaded, _ = file.load()
    file.path.write_text('model = "by hand meanwhile"\nwords_per_minute = 30\n')
    file.save(replace(loaded, words_per_minute=None))
    assert file.path.read_text("utf-8") == 'model = "by hand meanwhile"\n'


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("source", "3"),
        ("record", '"yes"'),
        ("overlay_on_start", "1"),
        ("overlay_rect", "[1, 2, 3]"),
        ("overlay_rect", "[1, 2, 3, true]"),
        ("overlay_rect", "[0, 0, -5, 10]"),
        ("window_rect", "[0, 0, 1.5, 10]"),
        ("window_rect", "[0, 0, 1000000000000, 10]"),
        ("columns", '"wide"'),
        ("silence_threshold", "1.5"),
        ("words_per_minute", "nan"),
        ("words_per_minute", "-1"),
        ("outputs", "{obs = 3}"),
    ],
)
def test_a_wrong_value_is_left_out_with_its_line_and_the_rest_stays(tmp_path: Path, name: str, value: str) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_text(f'model = "kept"\n\n{name} = {value}\n')
    loaded, note = file.load()
    assert loaded == Settings(model="kept")
    assert f"settings.toml, line 3: {name} is left out" in note
    file.save(replace(loaded, query="Be brief"))
    assert f"{name} = {value}" in file.path.read_text("utf-8")  # it is theirs to mend


def test_a_line_in_a_text_is_no_setting() -> None:
    text = 'context = """\nrecord = true\n"""\n# record = 1\n[other]\nz = 1\n["record"]\n'
    assert line_of(text, "record") == 7
    assert line_of(text, "context") == 1


def test_settings_of_the_first_version_are_taken_over_once(tmp_path: Path) -> None:
    old = tmp_path / "settings.json"
    old.write_text(json.dumps({"source": "camera", "context": "a\nb", "direction_open": True, "model": None, "x": 1}))
    loaded, note = SettingsFile(tmp_path).load()
    assert loaded == Settings(source="camera", context="a\nb", commentator_open=True)
    assert "x is unknown" in note
    assert not old.exists()
    assert (tmp_path / "settings.json.old").exists()
    assert SettingsFile(tmp_path).load() == (loaded, "")


def test_a_damaged_file_of_the_first_version_is_set_aside(tmp_path: Path) -> None:
    (tmp_path / "settings.json").write_text("{broken")
    loaded, note = SettingsFile(tmp_path).load()
    assert loaded == Settings()
    assert BAD_FILE_NAME in note
    assert SettingsFile(tmp_path).load() == (Settings(), "")


values = st.recursive(
    st.booleans() | st.integers(-(2**63), 2**63 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
names = st.sampled_from([*Settings.__dataclass_fields__]) | st.text()


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=60, deadline=None)
@given(written=st.dictionaries(names, values, max_size=8), query=st.text())
def test_any_toml_can_be_read_and_added_to(tmp_path: Path, written: dict[str, object], query: str) -> None:
    file = SettingsFile(tmp_path)
    file.path.write_text(tomlkit.dumps(written), encoding="utf-8", newline="")
    loaded, _ = file.load()
    assert isinstance(loaded, Settings)
    file.save(replace(loaded, query=query, record=not loaded.record))
    again, _ = SettingsFile(tmp_path).load()
    assert (again.query, again.record) == (query, not loaded.record)


def test_a_refused_write_leaves_the_old_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    file = SettingsFile(tmp_path)
    file.save(CHOSEN)

    def refuse(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", refuse)
    with pytest.raises(OSError, match="No space"):
        file.save(replace(CHOSEN, source="arena"))
    assert file.load() == (CHOSEN, "")


@dataclass(frozen=True)
class PageOptions:
    port: Annotated[int, Meta(ge=0, le=65535)] = 0


def test_an_output_gets_its_own_table_checked() -> None:
    def options(table: dict[str, object]) -> PageOptions | None:
        return output_options(Settings(outputs={"page": table}), "page", PageOptions)

    assert options({"port": 8080}) == PageOptions(8080)
    assert options({}) == PageOptions()
    assert output_options(Settings(), "page", PageOptions) is None
    with pytest.raises(UsageError, match=r"\[outputs\.page\].*colour"):
        options({"colour": 1})
    with pytest.raises(UsageError, match=r"65535.*port"):
        options({"port": 70_000})


def test_settings_need_no_qt_and_no_tomlkit_to_be_read(tmp_path: Path) -> None:
    check = (
        "import sys; from app.settings_file import SettingsFile; SettingsFile().load();"
        "sys.exit(any(name.partition('.')[0] in ('PySide6', 'tomlkit') for name in sys.modules))"
    )
    environment = {**os.environ, "COURTSIDE_CONFIG_DIR": str(tmp_path)}
    subprocess.run([sys.executable, "-c", check], check=True, env=environment)
